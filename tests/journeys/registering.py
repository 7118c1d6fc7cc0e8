"""Registering, one pause at a time."""

from tests.api.frontend import Frontend, Json, Override

# No insurer's sandbox gives this secret to anybody.
WRONG_SECRET = "Wrong0123Secret"

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


async def secret_asked(customer: Frontend, insurer: str) -> Json:
    """Register until the insurer asks for the secret that it knows already."""
    asked = await mailed(customer, await customer.begin(insurer))
    done = await customer.answer(STEP, asked, asked["currentStep"])
    return done["registration"]  # type: ignore[no-any-return]  # As above.


async def guessed(customer: Frontend, asked: Json) -> Json:
    """Answer with a secret that is wrong."""

    def wrongly(need: Json) -> Json | None:
        secret = need["__typename"] == "ChallengeRequirement" or need.get("sensitive")
        return {"secret": WRONG_SECRET} if secret else None

    done = await customer.answer(STEP, asked, asked["currentStep"], wrongly)
    refused: Json = done["registration"] | {"errors": done["errors"]}
    return refused
