"""Serves the AWS emulator, and saves its settings before a change is answered.

By itself it writes objects as they come, but bucket settings, Glue and workgroups only at a clean end: a crash
would bring back versioned buckets as unversioned ones and no table at all. It also says of answers to queries
that they are at X.csv and puts them to X.csv/X.csv, where awswrangler finds nothing.
"""

import sys

import ministack.app as emulator
from ministack.core.persistence import PERSIST_STATE, save_state
from ministack.services import athena

STATE_OF_TARGET = {"AWSGlue": "glue", "AmazonAthena": "athena"}
LEAVES_SETTINGS_ALONE = ("Get", "BatchGet", "List", "Search", "Start", "Stop")

serve_request = emulator.app


def changed_state(scope):
    headers = dict(scope["headers"])
    target, _, operation = headers.get(b"x-amz-target", b"").decode("latin-1").partition(".")
    if target:
        return None if operation.startswith(LEAVES_SETTINGS_ALONE) else STATE_OF_TARGET.get(target)
    is_bucket_request = "/" not in scope["path"].strip("/")
    return "s3" if scope["method"] in ("PUT", "DELETE") and is_bucket_request else None


async def serve_and_save(scope, receive, send):
    state = changed_state(scope) if scope["type"] == "http" else None
    if state is None:
        return await serve_request(scope, receive, send)

    async def save_then_send(message):
        service = sys.modules.get(f"ministack.services.{state}")
        if message["type"] == "http.response.start" and message["status"] < 300 and service is not None:
            save_state(state, service.get_state())
        await send(message)

    return await serve_request(scope, receive, save_then_send)


save_answer = athena._save_query_results


async def save_answer_where_it_is_said_to_be(query_id):
    execution = athena._executions.get(query_id)
    told = execution["ResultConfiguration"]
    folder, _, _ = told["OutputLocation"].rpartition("/")
    execution["ResultConfiguration"] = {**told, "OutputLocation": folder}
    try:
        await save_answer(query_id)
    finally:
        execution["ResultConfiguration"] = told


athena._save_query_results = save_answer_where_it_is_said_to_be
if PERSIST_STATE:
    emulator.app = serve_and_save
emulator.main()
