terraform {
  backend "local" {
    path = "../state/aws.tfstate"
  }
}
