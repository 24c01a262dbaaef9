terraform {
  backend "local" {
    path = "../state/genesys.tfstate"
  }
}
