"""The enumerations of what agencies' own systems are told, named for GraphQL."""

import strawberry

from insurers.telling import CalendarScope, DeliveryState, Encoding, EventKind, WebhookState

_NAMED = {
    EventKind: (
        "WebhookEventKind",
        (
            "What an agency's systems can be told of: `renewal.changed` (the status of an entry, or what it waits for),"
            " `feed.read`, `consent.granted`, `consent.revoked`. Messages name things by their ids and tell no names."
        ),
    ),
    WebhookState: (
        "WebhookState",
        (
            "Whether an address is told anything. OFF: the agency switched it off. DEAD: it took nothing for a whole"
            " day, or said that it is gone, and was switched off."
        ),
    ),
    DeliveryState: ("WebhookDeliveryState", "What became of one message to one address."),
    CalendarScope: (
        "CalendarScope",
        "Whose deadlines a calendar shows: of entries that are ASSIGNED to its agent, or of all VISIBLE ones.",
    ),
    Encoding: (
        "ExportEncoding",
        (
            "How a file is written. UTF_8 has a byte order mark, as spreadsheets want it; what CP932 has no character"
            " for is written in its common form or as 〓, and listed in a second file."
        ),
    ),
}

for kind, (name, description) in _NAMED.items():
    strawberry.enum(kind, name=name, description=description)
