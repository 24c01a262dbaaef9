"""The partner's side of Amazon EventBridge: what Genesys itself calls in AWS, by real API calls."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from tenacity import AsyncRetrying, before_sleep_log, retry_if_exception_type, wait_exponential

if TYPE_CHECKING:
    from mypy_boto3_events.client import EventBridgeClient

_LOG = logging.getLogger(__name__)
_WORTH_REPEATING = {"ThrottlingException", "ConcurrentModificationException", "InternalException"}
_CONNECT_SECONDS = 2
_READ_SECONDS = 10
Answer = TypeVar("Answer")


class AwsUnavailableError(Exception):
    """AWS could not be reached, failed by itself or throttled: the call is worth repeating."""


class AwsRefusedError(Exception):
    """AWS understood the call and said no."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


@dataclass(frozen=True)
class PartnerEvent:
    """One entry of PutPartnerEvents and the region it goes to."""

    region: str
    source: str
    detail_type: str
    detail: str
    time: datetime


class Partner(Protocol):
    """The three calls a partner makes; every one may raise AwsUnavailableError or AwsRefusedError."""

    def create_source(self, region: str, name: str, account: str) -> None:
        """Offers an event source to a customer account."""

    def delete_source(self, region: str, name: str, account: str) -> None:
        """Withdraws it."""

    def put_events(self, region: str, events: Sequence[PartnerEvent]) -> list[str | None]:
        """Sends up to 20 events; answers one error code, or None, for each."""


class BotoPartner:
    """Calls AWS with boto3 as the partner's account.

    The account id serves as access key id: AWS emulators read the calling account from it.
    """

    def __init__(self, endpoint_url: str, account_id: str) -> None:
        self._endpoint_url = endpoint_url
        self._account_id = account_id
        self._clients: dict[str, EventBridgeClient] = {}

    def create_source(self, region: str, name: str, account: str) -> None:
        """CreatePartnerEventSource."""
        self._call(region, "create_partner_event_source", Name=name, Account=account)

    def delete_source(self, region: str, name: str, account: str) -> None:
        """DeletePartnerEventSource."""
        self._call(region, "delete_partner_event_source", Name=name, Account=account)

    def put_events(self, region: str, events: Sequence[PartnerEvent]) -> list[str | None]:
        """PutPartnerEvents."""
        entries = [
            {
                "Source": event.source,
                "DetailType": event.detail_type,
                "Detail": event.detail,
                "Time": event.time,
                "Resources": [],
            }
            for event in events
        ]
        answer = self._call(region, "put_partner_events", Entries=entries)
        return [entry.get("ErrorCode") for entry in answer["Entries"]]

    def _call(self, region: str, operation: str, **parameters: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(self._client(region), operation)(**parameters)
        except ClientError as error:
            raise _classify(error) from error
        except BotoCoreError as error:
            raise AwsUnavailableError(str(error)) from error
        return answer

    def _client(self, region: str) -> EventBridgeClient:
        if region not in self._clients:
            self._clients[region] = boto3.session.Session().client(
                "events",
                region_name=region,
                endpoint_url=self._endpoint_url,
                aws_access_key_id=self._account_id,
                aws_secret_access_key="sandbox",  # noqa: S106 - emulators check no signature
                config=Config(
                    connect_timeout=_CONNECT_SECONDS,
                    read_timeout=_READ_SECONDS,
                    retries={"total_max_attempts": 1, "mode": "standard"},
                    proxies={},
                ),
            )
        return self._clients[region]


def _classify(error: ClientError) -> AwsUnavailableError | AwsRefusedError:
    code = error.response["Error"].get("Code", "Unknown")
    status = error.response["ResponseMetadata"].get("HTTPStatusCode", 500)
    if status >= 500 or code in _WORTH_REPEATING:
        return AwsUnavailableError(str(error))
    return AwsRefusedError(code, error.response["Error"].get("Message", ""))


class PartnerQueue:
    """Runs partner calls one after another in one thread, and repeats each until AWS can be reached.

    One thread keeps a deletion behind the creation that came before it.
    """

    def __init__(self, partner: Partner, longest_pause_seconds: float = 5.0) -> None:
        self._partner = partner
        self._longest_pause = longest_pause_seconds
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="partner")

    async def create_source(self, region: str, name: str, account: str) -> None:
        """Raises AwsRefusedError; waits out an outage."""
        await self._patiently(lambda: self._partner.create_source(region, name, account))

    async def delete_source(self, region: str, name: str, account: str) -> None:
        """Raises AwsRefusedError; waits out an outage."""
        await self._patiently(lambda: self._partner.delete_source(region, name, account))

    async def put_events(self, region: str, events: Sequence[PartnerEvent]) -> list[str | None]:
        """Raises AwsRefusedError and, unlike the others, AwsUnavailableError: the sender decides what to drop."""
        return await self._once(lambda: self._partner.put_events(region, events))

    def close(self) -> None:
        """Drops what has not begun."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def retrying(self) -> AsyncRetrying:
        """Repeats on AwsUnavailableError without end; pauses grow from 0.25 s to `longest_pause_seconds`."""
        return AsyncRetrying(
            retry=retry_if_exception_type(AwsUnavailableError),
            wait=wait_exponential(multiplier=0.25, max=self._longest_pause),
            before_sleep=before_sleep_log(_LOG, logging.WARNING),
            reraise=True,
        )

    async def _patiently(self, call: Callable[[], None]) -> None:
        await self.retrying()(self._once, call)

    async def _once(self, call: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)
