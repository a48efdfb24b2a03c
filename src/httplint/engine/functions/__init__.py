"""The named functions that rules may call, by topic.

A function is a judgement with a name, types, a docstring and tests of its own. It is registered with `function`, and
listed in `TOPICS`, so that its module is imported only when a rule that calls it is compiled.
"""
from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from typing import Any

TOPICS: dict[str, tuple[str, ...]] = {
    "auth": ("anonymous", "bearer_status", "misquoted", "odd_characters", "origin_form", "repeated_algorithms",
             "repeated_parameters", "utf8"),
    "basic": ("len", "any", "all", "has"),
    "caching": ("directive_flaws", "expires_in", "freshness", "infinite", "stale_allowance", "targets_caches"),
    "conditional": ("conditions", "dropped_metadata", "invalid_date", "needless_metadata", "rewritten",
                    "standard_conditions", "strongly_matched", "weakly_matched"),
    "content": ("awaits_continue", "expects_continue", "fields_of_get_only", "names_no_port", "refused_codings"),
    "cookies": ("begins", "broken_prefix", "covers", "deletes", "fits_weekday", "for_everyone", "for_session",
                "for_shared_caches", "is_host", "joined", "lifetime", "misspelt_attributes", "outdated_dates",
                "pair_behind_value", "readable_date", "repeated_attributes", "repeated_cookies", "sent_as",
                "sent_back", "set_cookies", "too_long"),
    "cors": ("cross_origin", "default_port", "miscased", "other_answer", "refused_headers", "refused_method",
             "related", "reusable", "unknown_types", "varies_by"),
    "csp": ("allows_eval", "blocks_all_scripts", "framers", "inline_scripts", "inline_styles", "named_endpoints",
            "nonces", "policy_directives", "policy_values", "script_rules", "sources_over_http",
            "trusts_marked_scripts", "unheard_policies", "wide_scripts"),
    "delta": ("in_accepted_order", "unaccepted_manipulations"),
    "dictionaries": ("dictionary_coding", "names_dictionary", "offers_no_dictionary", "same_dictionary", "too_long_id",
                     "window"),
    "digests": ("digest_fields", "integrity", "unfit_digests", "unfit_unencoded"),
    "disposition": ("encoded_words", "extended_first", "is_ascii", "names_a_path", "percent_escapes",
                    "repeated_disposition_parameters"),
    "drafts": ("beyond_quota", "longest_reset"),
    "fields": ("bad_whitespace", "came_as_trailer", "date_error", "days", "end_to_end", "hostless", "judged",
               "judged_others", "list_lines", "malformed_trailers", "misspelt", "needless_backslashes", "obsolete",
               "only_in_responses", "outdated", "permitted_in_trailers", "references",
               "repeated_members", "repetition",
               "repetitions", "request_only", "trailer_lines", "wide_whitespace"),
    "framing": ("accepts_coding", "all_digits", "delimited_by_closing", "ends_chunked", "lengths_agree",
                "registered_coding", "times_chunked", "transfer_flaw"),
    "links": ("attribute_flaw", "loads_font", "miscased_relations", "odd_attribute_names", "odd_relations",
              "repeated_attributes_of", "times_rel", "unregistered_relations"),
    "media": ("bare_line_feeds", "coded_in_secret", "coded_once_more", "coding_flaw", "counts_messages",
              "foreign_octet", "has_byte_order_mark", "has_charset", "is_boundary", "is_json", "is_text", "is_utf8",
              "is_xml", "json_flaw", "json_guard", "multipart_flaw", "obsolete_javascript", "repeats",
              "doubled_parameters", "xml_error"),
    "methods": ("contradicts_type", "echoes", "echoes_secrets", "left_out", "short_lengths", "tells_options"),
    "octets": ("control_characters", "line_breaks", "malformed_names", "outer_whitespace", "upper_case"),
    "policies": ("banners", "effective_referrer_policy", "endpoint_names", "has_meta_policy", "has_meta_referrer",
                 "html_content", "known_feature", "known_hint", "meant_feature", "meant_hint", "meant_policy",
                 "meant_referrer_policy", "names_framers", "refused_by_nosniff", "report_parameters", "script_content",
                 "secure_only"),
    "preferences": ("applies", "unasked_preferences"),
    "problems": ("has_stack_trace", "is_object", "names_status", "odd_names", "problem", "unrooted",
                 "wrong_references"),
    "proxies": ("fits_status", "intended_error", "internal", "known_forward", "recommended_status", "trailer_proxies",
                "unknown_error"),
    "ranges": ("asked_for", "asks_for_a_part", "asks_for_disjoint", "asks_for_ranges", "asks_for_several",
               "byteranges", "byteranges_flaw", "complete_lengths", "disjoint", "has_some_of", "if_range_holds",
               "in_parts", "in_requested_order", "labelled_parts", "part_of", "partial_without_206", "range_flaw",
               "range_length", "ranged_parts", "repeated_metadata", "same_unit", "unsatisfiable"),
    "redirects": ("goes_round", "leads_to_itself", "resumes_upload", "upgrade_flaw", "web_userinfo"),
    "registries": ("decoded_by_browsers", "known_charset", "private_scheme", "registered", "registered_type"),
    "schemes": ("eight_digits", "misquoted_info", "missing_info", "of_digest", "repeated_controls"),
    "signatures": ("component_flaws", "known_signing", "response_only", "unmatched_labels"),
    "status": ("has_content", "header_octets", "in_use", "invalid_host", "mentions", "names_versions",
               "other_meaning", "registered_method", "registered_status", "restricts", "satisfiable", "used_by"),
    "structured": ("lapses",),
    "targeted": ("intended_directive", "mistyped_directives"),
    "transport": ("local_host", "named_host", "secure"),
    "variants": ("coded_on_demand", "translated"),
    "webdav": ("badly_told", "broken_xml", "document", "holds_condition", "href_flaw", "is_lock_time", "lock_flaws",
               "locks", "of_webdav", "one_form", "repeated_hrefs", "resources", "tells_lock", "twice_told", "unlocated",
               "xml_flaw"),
    "websocket": ("accept_for", "extension_names", "handshake_flaw", "multiplexed", "offered", "to_websocket"),
}
"""Module of this package -> the functions that it registers."""

NAMES: dict[str, str] = {name: f"{__name__}.{topic}" for topic, names in TOPICS.items() for name in names}
"""Function -> the module that registers it."""

_FUNCTIONS: dict[str, Function] = {}


class Function:
    """A function of the rule language: what it is called with, and what a capture must know for it."""

    __slots__ = ("_signature", "absent", "alone", "among", "call", "guard", "name", "needs", "paired")

    def __init__(self, call: Callable[..., Any], needs: tuple[str, ...], absent: tuple[str, ...],
                 guard: str | None = None, alone: bool = False, among: Iterable[str] = (),
                 paired: bool = True) -> None:
        self.name = call.__name__
        self.call = call
        self.needs = needs
        self.absent = absent
        self.guard = guard
        self.alone = alone
        self.among = frozenset(among)
        self.paired = paired
        self._signature: tuple[dict[str, Any], frozenset[str], Any] | None = None

    def _read(self) -> tuple[dict[str, Any], frozenset[str], Any]:
        if self._signature is None:
            import inspect
            import typing
            hints = typing.get_type_hints(self.call)
            parameters = inspect.signature(self.call).parameters
            optional = frozenset(name for name, p in parameters.items() if p.default is not p.empty)
            self._signature = ({name: hints[name] for name in parameters}, optional, hints["return"])
        return self._signature

    @property
    def parameters(self) -> dict[str, Any]:
        """Name -> type, in order."""
        return self._read()[0]

    @property
    def optional(self) -> frozenset[str]:
        """The parameters that may be left out."""
        return self._read()[1]

    @property
    def returns(self) -> Any:
        """The type of what it returns."""
        return self._read()[2]


def function(*needs: str, absent: tuple[str, ...] = (), guard: str | None = None, alone: bool = False,
             among: Iterable[str] = (), paired: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Registers a function of the rule language.

    `needs`: facts of model.evidence that it relies on. `absent`: fields whose absence it may take as proof, written
    "request.range" or "response.etag". `guard`: the parameter that names a field of the message in the first one,
    without which there is nothing to judge: it returns an empty collection or raises NotApplicable. `alone`: it looks
    at nothing else of the message, so that verdicts on a value may be remembered. `among`: the response fields, in
    lower case, of which one must be there for it to find anything; a rule that loops over it is left out without them.
    """
    def register(call: Callable[..., Any]) -> Callable[..., Any]:
        _FUNCTIONS[call.__name__] = Function(call, needs, absent, guard, alone, among, paired)
        return call
    return register


def get(name: str) -> Function:
    """The function of that name (one of NAMES); imports its module at first use."""
    if name not in _FUNCTIONS:
        importlib.import_module(NAMES[name])
    return _FUNCTIONS[name]


def plug(plugin: str) -> None:
    """Adds the functions of an installed plugin, an entry point of the group httplint.functions.

    The entry point names a module whose functions are registered with `function`. Raises LookupError if there is no
    such plugin, ValueError if it cannot be loaded or takes a name that is in use.
    """
    from importlib.metadata import entry_points
    found = list(entry_points(group="httplint.functions", name=plugin))
    if not found:
        raise LookupError(f"no installed package offers the functions {plugin!r} (entry point httplint.functions)")
    before = dict(_FUNCTIONS)
    try:
        module = found[0].load()
    except Exception as error:                             # its module may do anything
        raise ValueError(f"the plugin {plugin!r} cannot be loaded: {type(error).__name__}: {error!s:.200}") from None
    for name, registered in list(_FUNCTIONS.items()):
        if registered.call.__module__ != module.__name__:
            continue
        if name in NAMES and NAMES[name] != module.__name__:
            _FUNCTIONS[name] = before.get(name, registered)
            raise ValueError(f"the plugin {plugin!r} defines {name!r}, which is a function already")
        NAMES[name] = module.__name__
