"""The notification service: channels, their subscriptions, and the WebSockets that events go out on.

Rules follow the Genesys developer blog (2021-12-02, 2022-07-29) and the models of PureCloudPlatformClientV2 269.0.0;
where neither says what happens, `../../COVERAGE.md` says what was chosen.
"""
