"""An order under one key is done once and answered alike, and who looked at an older state is told the present one."""

import asyncio

from tests.api.conftest import CODES, INSURERS, Town, each_insurer
from tests.api.frontend import Frontend, Json, codes, key


@each_insurer
async def test_the_same_key_with_the_same_input_is_one_registration(taro: Frontend, code: str) -> None:
    order: Json = {"idempotencyKey": key(), "insurer": {"code": code}, "methodKey": await taro.method(code)}

    first = await taro.mutate("RegistrationStart", **order)
    again = await taro.mutate("RegistrationStart", **order)

    assert (False, True) == (first["replayed"], again["replayed"])
    assert first["registration"] == again["registration"]


@each_insurer
async def test_the_same_key_with_another_input_is_refused_and_changes_nothing(taro: Frontend, code: str) -> None:
    begun = await taro.begin(code)
    order = key()
    first = await taro.answer("RegistrationStepAnswer", begun, begun["currentStep"], idempotencyKey=order)

    other = await taro.mutate("RegistrationCancel", registrationId=begun["id"], idempotencyKey=order)
    changed = await taro.answer("RegistrationStepAnswer", begun, begun["currentStep"], idempotencyKey=order, answers=[])

    assert [["IDEMPOTENCY_KEY_REUSED"]] * 2 == [codes(other), codes(changed)]
    assert first["registration"] == await taro.do("RegistrationRead", id=begun["id"])


@each_insurer
async def test_a_step_that_is_answered_twice_under_one_key_is_sent_once(town: Town, taro: Frontend, code: str) -> None:
    registration = await taro.begin(code)
    while registration["status"] == "COLLECTING":
        step, order = registration["currentStep"], key()
        done = await taro.answer("RegistrationStepAnswer", registration, step, idempotencyKey=order)
        mails = len(town.letterbox.letters)
        again = await taro.answer("RegistrationStepAnswer", registration, step, idempotencyKey=order)

        assert [] == codes(done) == codes(again)
        assert again["replayed"]
        assert done["registration"]["version"] == again["registration"]["version"]
        assert mails == len(town.letterbox.letters)
        registration = done["registration"]


@each_insurer
async def test_an_error_is_repeated_alike(taro: Frontend, code: str) -> None:
    begun = await taro.begin(code)
    order: Json = {"idempotencyKey": key(), "expectedVersion": 7, "answers": []}

    first = await taro.answer("RegistrationStepAnswer", begun, begun["currentStep"], **order)
    moved = await taro.answer("RegistrationStepAnswer", begun, begun["currentStep"])
    again = await taro.answer("RegistrationStepAnswer", begun, begun["currentStep"], **order)

    assert ["VERSION_CONFLICT"] == codes(first)
    assert (first["errors"], True) == (again["errors"], again["replayed"])
    assert moved["registration"]["version"] == again["registration"]["version"]


async def test_another_persons_key_is_another_key(taro: Frontend, sayuri: Frontend) -> None:
    code = CODES[0]
    order: Json = {"idempotencyKey": key(), "insurer": {"code": code}, "methodKey": await taro.method(code)}

    his, hers = [await each.mutate("RegistrationStart", **order) for each in (taro, sayuri)]

    assert (False, False) == (his["replayed"], hers["replayed"])
    assert his["registration"]["id"] != hers["registration"]["id"]


@each_insurer
async def test_one_order_that_comes_twice_at_once_is_done_once(holder: Frontend, code: str) -> None:
    order: Json = {"idempotencyKey": key(), "policy": {"id": await holder.policy_id(code)}}

    both = await asyncio.gather(*(holder.mutate("RenewalStart", **order) for _ in range(2)))

    assert [[], []] == [codes(done) for done in both]
    assert [False, True] == sorted(done["replayed"] for done in both)
    assert 1 == len({(done["renewal"]["id"], done["renewal"]["version"]) for done in both})


@each_insurer
async def test_two_orders_to_renew_one_policy_open_one_renewal(holder: Frontend, code: str) -> None:
    policy = {"id": await holder.policy_id(code)}

    both = await asyncio.gather(*(holder.mutate("RenewalStart", policy=policy) for _ in range(2)))
    later = await holder.mutate("RenewalStart", policy=policy)

    assert [[], [], []] == [codes(done) for done in (*both, later)]
    assert 1 == len({done["renewal"]["id"] for done in (*both, later)})


@each_insurer
async def test_the_button_is_pressed_once_however_often_one_submits(town: Town, holder: Frontend, code: str) -> None:
    ready = await holder.ready(code)
    order = key()

    done = await asyncio.gather(
        holder.submit(ready, idempotencyKey=order),
        holder.submit(ready, idempotencyKey=order),
        holder.submit(ready),
    )
    again = await holder.submit(ready, idempotencyKey=order)
    anew = await holder.submit(ready)

    assert 1 == town.requests(code)[INSURERS[code]["button"]]
    # Where the other key was faster, this one was told so, and is told so again.
    assert (True, True) == (again["replayed"], {"VERSION_CONFLICT"} >= set(codes(again)))
    assert (False, []) == (anew["replayed"], codes(anew))
    number = anew["renewal"]["result"]["newPolicyNumber"]
    assert number == again["renewal"]["result"]["newPolicyNumber"]
    assert {"ACCEPTED", "SUBMITTING"} >= {each["renewal"]["status"] for each in done}


@each_insurer
async def test_of_two_answers_to_one_state_one_is_taken_and_the_other_is_told_the_present_one(
    holder: Frontend, code: str
) -> None:
    renewal = await holder.start(code)

    both = await asyncio.gather(
        *(holder.answer("RenewalStepAnswer", renewal, renewal["currentStep"]) for _ in range(2))
    )

    taken, refused = sorted(both, key=lambda done: len(done["errors"]))
    (error,) = refused["errors"]
    assert [] == codes(taken)
    assert ("ConflictError", "VERSION_CONFLICT", ["expectedVersion"]) == (
        error["__typename"],
        error["code"],
        error["field"],
    )
    assert taken["renewal"]["version"] == error["currentVersion"] == refused["renewal"]["version"]
    assert taken["renewal"]["steps"] == refused["renewal"]["steps"]


@each_insurer
async def test_whoever_acts_on_an_older_state_is_told_the_present_one(holder: Frontend, code: str) -> None:
    old = await holder.start(code)
    present = (await holder.answer("RenewalStepAnswer", old, old["currentStep"]))["renewal"]
    looked_at: Json = {"renewalId": old["id"], "expectedVersion": old["version"]}
    plan: Json = {"planId": old["plans"][0]["id"]}

    refused = [
        await holder.answer("RenewalStepAnswer", old, old["currentStep"]),
        await holder.mutate("RenewalPlanSelect", **looked_at, **plan),
        await holder.mutate("RenewalRequote", **looked_at, **plan, changes=[]),
        await holder.mutate("RenewalSubmit", **looked_at, reviewHash="x"),
    ]

    for done in refused:
        (error,) = done["errors"]
        assert ("ConflictError", present["version"]) == (error["__typename"], error["currentVersion"])
        assert present == done["renewal"]
