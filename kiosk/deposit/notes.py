"""What the technical log tells: each kind of line, when it is written, and its fields. No personal data in any of them.

A *spell* is a trouble that begins and ends. Its first line is written when it begins, its second when it has stayed away for a minute: one that
comes and goes is one spell, and its end says how often (``times``), how long from the first beginning to the last end (``for_s``), and when that
was (``until``). What stands when the program stops ends there (``standing``), and begins anew if the next start finds it. A program that had
no time to stop leaves its spells without an end: *started* ends them all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class NoteKind(StrEnum):
    """The value of a line's ``kind``."""

    STARTED = "started"
    CONFIGURATION = "configuration"
    PART_SILENT = "part_silent"
    STOPPED = "stopped"
    HALT = "halt"
    HALT_OVER = "halt_over"
    LINK_LOST = "link_lost"
    LINK_BACK = "link_back"
    CAMERA_LOST = "camera_lost"
    CAMERA_BACK = "camera_back"
    LEDGER_FAILED = "ledger_failed"
    LEDGER_BACK = "ledger_back"
    FAULT = "fault"
    FAULT_OVER = "fault_over"
    DOOR_OPENED = "door_opened"
    DOOR_SHUT = "door_shut"
    SOUND_LOST = "sound_lost"
    SOUND_BACK = "sound_back"
    PRINTER_LOST = "printer_lost"
    PRINTER_BACK = "printer_back"
    CONTROLLER = "controller"
    LENT = "lent"
    LINE_RETURNED = "line_returned"
    LOAN_REFUSED = "loan_refused"
    SELF_TESTED = "self_tested"
    JUDGED = "judged"
    NOT_REMEMBERED = "not_remembered"
    POLICY_NOT_TAKEN = "policy_not_taken"
    BACKGROUND_UNREAD = "background_unread"
    CATALOGUE_UNREAD = "catalogue_unread"
    HANDED_BACK = "handed_back"
    INTENT_ENDED = "intent_ended"
    TOTALISER_JUMPED = "totaliser_jumped"
    LOGGED_IN = "logged_in"
    LOGGED_OUT = "logged_out"
    LOG_IN_DENIED = "log_in_denied"
    AGENTS_SET_ASIDE = "agents_set_aside"
    EXPORTED = "exported"
    VOUCHER_REFUSED = "voucher_refused"
    CONTESTED = "contested"
    SECOND_DENIED = "second_denied"
    AGENT_CHANGED = "agent_changed"
    LIVE_BEGUN = "live_begun"
    MOVED = "moved"
    CLEANED = "cleaned"
    CALIBRATED = "calibrated"
    KEY_CHANGED = "key_changed"
    ENROLMENT_ASKED = "enrolment_asked"
    GENERATION_ORDERED = "generation_ordered"
    GENERATION_BEGUN = "generation_begun"
    GENERATION_HINDERED = "generation_hindered"
    PUT_TO_REST = "put_to_rest"
    REST_OVER = "rest_over"
    REST_UNREAD = "rest_unread"
    DATE_KNOWN = "date_known"
    DATE_UNKNOWN = "date_unknown"
    DAY_CLOSED = "day_closed"
    DAY_NOT_CLOSED = "day_not_closed"
    CAMERA_SETTINGS = "camera_settings"
    READER_ALONE = "reader_alone"
    MATERIAL_UNKNOWN = "material_unknown"
    BACKGROUND_TAKEN = "background_taken"
    BACKGROUND_NOT_TAKEN = "background_not_taken"
    LEDGER_LONG_READ = "ledger_long_read"
    LEDGER_LONG_READ_OVER = "ledger_long_read_over"
    MARK_UNREAD = "mark_unread"
    LOCK_SET_ASIDE = "lock_set_aside"
    TORN_LINE = "torn_line"
    MONTH_DROPPED = "month_dropped"
    LINES_DROPPED = "lines_dropped"


@dataclass(frozen=True, slots=True)
class Described:
    """When a line of a kind is written, and which fields it has beside ``at``, ``trusted`` and ``kind``."""

    when: str
    fields: tuple[str, ...] = ()


SPELL = ("for_s", "times", "until", "standing")

TABLE: Mapping[NoteKind, Described] = {
    NoteKind.STARTED: Described("the program starts, of this version; what had no end before ends here", ("program",)),
    NoteKind.CONFIGURATION: Described("at each start: every key's value, passwords left out, and a hash of them", ("sha256", "values")),
    NoteKind.PART_SILENT: Described(
        "runner, screen or serial has not answered for a second; the watchdog is not fed until it does", ("part",)
    ),
    NoteKind.STOPPED: Described("the program stops; the thread that died and its error's type, if one did", ("worker", "error")),
    NoteKind.HALT: Described("the machine takes nothing: name, code for the desk, cause with its facts", ("halt", "code", "facts")),
    NoteKind.HALT_OVER: Described("it takes bottles again, or is stopped by something else", ("halt", *SPELL)),
    NoteKind.LINK_LOST: Described("the controller cannot be reached: the type of trouble and its facts", ("trouble",)),
    NoteKind.LINK_BACK: Described("it answers again", SPELL),
    NoteKind.CAMERA_LOST: Described("no usable picture comes: the fault, what was measured and its limit", ("fault", "measured", "limit")),
    NoteKind.CAMERA_BACK: Described("pictures are usable again, or unusable for another reason", ("fault", *SPELL)),
    NoteKind.LEDGER_FAILED: Described("the ledger did not write what was asked of it: the cause with its facts", ("asked", "facts")),
    NoteKind.LEDGER_BACK: Described("it has written again", SPELL),
    NoteKind.FAULT: Described("the controller tells a fault, and what is known of its cause", ("fault", "cause")),
    NoteKind.FAULT_OVER: Described("it tells that fault no more", ("fault", *SPELL)),
    NoteKind.DOOR_OPENED: Described("the service door is open"),
    NoteKind.DOOR_SHUT: Described("it is shut again", SPELL),
    NoteKind.SOUND_LOST: Described("a sound was not heard: the fault, and what the player said last", ("fault", "said")),
    NoteKind.SOUND_BACK: Described("sounds are heard again", ("fault", *SPELL)),
    NoteKind.PRINTER_LOST: Described(
        "the ticket printer would print nothing: the fault, and what the system told of it", ("fault", "said")
    ),
    NoteKind.PRINTER_BACK: Described("it prints again", ("fault", *SPELL)),
    NoteKind.CONTROLLER: Described(
        "another controller answers than before, or it has started anew", ("controller_id", "firmware", "map_version", "boots")
    ),
    NoteKind.LENT: Described("line and camera are a technician's tool's"),
    NoteKind.LINE_RETURNED: Described("they are the kiosk's again"),
    NoteKind.LOAN_REFUSED: Described("they are not lent: the cause with its facts", ("why",)),
    NoteKind.SELF_TESTED: Described(
        "a self-test at the screen has ended: by whom, what each step came to, whether the machine stands ready, where its page lies",
        ("agent", "steps", "left_ready", "page"),
    ),
    NoteKind.JUDGED: Described(
        "a verdict on an item: by which policy, from which values, beside which limits",
        (
            *("item", "visit", "accepted", "material", "gtin", "reasons", "flags", "weight_g", "metal", "looks", "policy"),
            *("figures", "weighed", "scene", "picture", "product", "known_by", "verdict_ms"),
        ),
    ),
    NoteKind.NOT_REMEMBERED: Described(
        "what verdicts remember of earlier bottles cannot be read or written, and is known since this start alone", ("detail",)
    ),
    NoteKind.BACKGROUND_UNREAD: Described(
        "the picture of the empty chamber cannot be read: no outline is seen, weight and code decide", ("detail",)
    ),
    NoteKind.POLICY_NOT_TAKEN: Described("the configured policy cannot be used, and why; this one is in use instead", ("detail", "policy")),
    NoteKind.CATALOGUE_UNREAD: Described(
        "the list of products, staff's own entries or the codes that nobody knows cannot be read or written: which file, and why",
        ("path", "detail"),
    ),
    NoteKind.HANDED_BACK: Described("an item is offered back, of which visit, and why", ("item", "visit", "reason")),
    NoteKind.INTENT_ENDED: Described("an intent ended without a credit", ("sequence", "ending")),
    NoteKind.TOTALISER_JUMPED: Described("more fell than one bottle at a time", ("booked", "read")),
    NoteKind.LOGGED_IN: Described("somebody of the staff has logged in at the console", ("agent", "role")),
    NoteKind.LOGGED_OUT: Described("they have logged out: asked, idle or blocked", ("agent", "why")),
    NoteKind.LOG_IN_DENIED: Described("somebody was not let in at the console; which agent was named, and why", ("agent", "why")),
    NoteKind.AGENTS_SET_ASIDE: Described(
        "the agents' file was damaged, and lies here now: nobody can log in before a first manager is made", ("path",)
    ),
    NoteKind.EXPORTED: Described("somebody of the staff wrote entries of the ledger into a table", ("agent", "path", "entries")),
    NoteKind.VOUCHER_REFUSED: Described("a voucher that was presented at the console may not be paid, and why", ("agent", "why")),
    NoteKind.CONTESTED: Described(
        "a visitor contested a refusal, counted from 1 in the visit: what the agent found, upheld or wrong",
        ("agent", "visit", "refusal", "outcome"),
    ),
    NoteKind.SECOND_DENIED: Described("somebody was not taken as the second agent; who was named, and why", ("agent", "second", "why")),
    NoteKind.AGENT_CHANGED: Described("who may log in was changed at the console: by whom, who, and what", ("by", "agent", "change")),
    NoteKind.LIVE_BEGUN: Described(
        "a technician looks at the machine as it is now; line and camera are theirs until *line_returned*", ("agent",)
    ),
    NoteKind.MOVED: Described(
        "a technician touched a part: by whom, what, and how its motion ended, or what the controller said where it was refused",
        ("agent", "what", "end", "refused"),
    ),
    NoteKind.CLEANED: Described("the machine was cleaned: by whom, and how many items had fallen by then", ("agent", "items")),
    NoteKind.KEY_CHANGED: Described(
        "a key of the configuration was changed at the console; the next start reads it", ("agent", "key", "old", "new")
    ),
    NoteKind.ENROLMENT_ASKED: Described("the city's one-time code was typed at the console and laid there for the sync", ("agent",)),
    NoteKind.GENERATION_ORDERED: Described("two agents have ordered a new ledger; the next start begins it", ("agent", "second", "why")),
    NoteKind.GENERATION_BEGUN: Described(
        "a start has begun it; where the old one lies, if this start has put it there", ("agent", "second", "why", "archive")
    ),
    NoteKind.GENERATION_HINDERED: Described(
        "a start could not begin it, and the old one goes on: the error's type", ("agent", "second", "why", "error")
    ),
    NoteKind.CALIBRATED: Described(
        "scale or a bin was set right at the console: by whom, what, and what the controller was set to before and after",
        ("agent", "what", "old", "new"),
    ),
    NoteKind.PUT_TO_REST: Described("staff have put the kiosk to rest, with this message for visitors", ("agent", "message")),
    NoteKind.REST_OVER: Described("staff have taken it up again", ("agent",)),
    NoteKind.REST_UNREAD: Described("whether the kiosk was at rest could not be read at the start: it is not", ("detail",)),
    NoteKind.DATE_KNOWN: Described("the machine knows the date again"),
    NoteKind.DATE_UNKNOWN: Described("no clock knows the date: days are counted in hours"),
    NoteKind.DAY_CLOSED: Described(
        "a day of the ledger was closed: the number of its closure, its first and its last row", ("n", "day", "first", "last")
    ),
    NoteKind.DAY_NOT_CLOSED: Described("a day could not be closed, and is tried again on the next", ("error",)),
    NoteKind.CAMERA_SETTINGS: Described("settings that the camera did not take", ("not_taken",)),
    NoteKind.READER_ALONE: Described(
        "at the start: badly blurred codes stay unread, as the reader's compiled part is missing", ("detail",)
    ),
    NoteKind.MATERIAL_UNKNOWN: Described(
        "at the first bottle: the model for the material cannot be used, and the other votes decide without it", ("detail",)
    ),
    NoteKind.BACKGROUND_TAKEN: Described(
        "the picture of the empty chamber was taken as none was kept: what lies there is compared with it"
    ),
    NoteKind.BACKGROUND_NOT_TAKEN: Described("it could not be taken or kept, and is tried again", ("detail",)),
    NoteKind.LEDGER_LONG_READ: Described("a process reads the ledger for so long that its WAL grows", ("wal_bytes", "readers")),
    NoteKind.LEDGER_LONG_READ_OVER: Described("the WAL is small again", ("wal_bytes", "readers")),
    NoteKind.MARK_UNREAD: Described("what the city acknowledged could not be asked at the start", ("detail",)),
    NoteKind.LOCK_SET_ASIDE: Described("what lay under the name of the ledger's lock was none, and lies here now", ("path",)),
    NoteKind.TORN_LINE: Described("the line above was torn, by a power cut; so many bytes of it stand there", ("bytes",)),
    NoteKind.MONTH_DROPPED: Described(
        "the disk is nearly full: this month of the log was dropped, which had so many bytes", ("month", "bytes")
    ),
    NoteKind.LINES_DROPPED: Described("so many lines found no room while the disk took none, the first of them then", ("lines", "since")),
}


@dataclass(frozen=True, slots=True)
class Note:
    """A line for the log. ``facts`` are the fields that ``TABLE`` names for its kind, no others."""

    kind: NoteKind
    facts: Mapping[str, object]
