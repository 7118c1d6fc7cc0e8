"""Registering, one pause at a time."""

from tests.api.frontend import Frontend, Json, Override

STEP = "RegistrationStepAnswer"


def asks_for(registration: Json, kind: str) -> bool:
    """Whether the step that is open has a requirement of this GraphQL type."""
    step = registration["currentStep"]
    return step is not None and any(need["__typename"] == kind for need in step["requirements"])


async def mailed(customer: Frontend, registration: Json, override: Override | None = None) -> Json:
    """Answer until the insurer has sent its mail and waits for the link, or until an answer is not taken."""
    while registration["currentStep"] is not None and not asks_for(registration, "OutOfBandRequirement"):
        done = await customer.answer(STEP, registration, registration["currentStep"], override)
        registration = done["registration"]
        if done["errors"]:
            return registration | {"errors": done["errors"]}
    return registration


async def resent(customer: Frontend, registration: Json) -> Json:
    """Begin again from the draft."""
    done = await customer.mutate("RegistrationMessageResend", registrationId=registration["id"])
    assert [] == done["errors"]
    return done["registration"]  # type: ignore[no-any-return]  # GraphQL answers are whatever was asked for.


async def read(customer: Frontend, registration: Json) -> Json:
    return await customer.do("RegistrationRead", id=registration["id"])
