"""The one comment of a pull request, and the same for a job's summary: Markdown as GitHub and GitLab read it.

Owns      its order, its size and the hidden marker by which it is found again.
Refuses   what a host would act upon (`markup.py`), and to leave anything out without saying so.
"""

from html import escape

from stacks.pull import details, sections
from stacks.pull.document import Pull
from stacks.pull.markup import checked, code, prose
from stacks.pull.parts import Part, fit, size
from stacks.pull.rows import rows
from stacks.pull.verdict import listed, many
from stacks.pull.words import ICONS, bill, lasting

MARKER = "<!-- kafka-fleet report -->"
COMMENT = 60_000
"""Bytes. GitHub takes 65,536 characters (its own error says so), GitLab a million."""
SUMMARY = 1_000_000
"""Bytes. GitHub takes 1 MiB a step: docs.github.com, workflow commands, job summaries."""


def comment(pull: Pull, link: str = "", room: int = COMMENT) -> str:
    """The comment in at most `room` bytes. `link` leads to the full report. Raises BadLinkError."""
    every = rows(pull.plan, pull.preview)
    head, foot = _head(pull), _foot(pull, link)
    parts: list[Part] = [
        sections.refusals(pull.plan),
        sections.unsuccessful(every),
        sections.grave(every),
        sections.policies(every),
        sections.cost(pull.plan),
        sections.networks(pull.networks),
        sections.others(every),
        details.details(every),
        sections.notes(pull.plan),
    ]
    return head + fit(parts, room - size(head) - size(foot)) + foot


def summary(pull: Pull, link: str = "") -> str:
    """What a job's page shows: the same with more room."""
    return comment(pull, link, SUMMARY)


def _head(pull: Pull) -> str:
    verdict, plan = pull.verdict, pull.plan
    lines = [MARKER, f"### {ICONS[verdict.word]} {verdict.sentence}", ""]
    facts = [many(verdict.counts.stacks, "stack")]
    if plan and plan.estimate.seconds:
        facts.append(f"about {lasting(plan.estimate.seconds)}")
    if plan and (costs := bill(plan.cost)):
        facts.append(prose(costs))
    if verdict.counts.resources:
        counted = (f"{number:,} {name}" for name, number in verdict.counts.resources.items())
        facts.append(f"resources: {', '.join(counted)}")
    if verdict.counts.warnings:
        facts.append(many(verdict.counts.warnings, "warning"))
    if verdict.counts.advisory:
        facts.append(many(verdict.counts.advisory, "advice", "pieces of advice") + " by policies")
    lines += ["<p>" + " · ".join(facts) + "</p>", ""]
    if verdict.counts.impacts:
        told = sections.by_impact(rows(plan, pull.preview))
        lines += [f"<p>By impact: {told}</p>", ""]
    return "\n".join(lines)


def _foot(pull: Pull, link: str) -> str:
    said = []
    if pull.plan:
        head = pull.plan.head if pull.plan.head == "worktree" else pull.plan.head[:12]
        said.append(f"{code(pull.plan.base[:12])} → {code(head)}")
    if pull.approved:
        said.append(f"what is approved: {code(pull.approved)}")
    if pull.preview is None:
        said.append("without a preview: the engine was not asked")
    if pull.preview and pull.preview.not_applied:
        said.append(f"{many(len(pull.preview.not_applied), 'cell')} not applied yet, rendered offline")
    if pull.not_drawn:
        told = listed([*map(code, pull.not_drawn[:5]), *(["others"] if len(pull.not_drawn) > 5 else [])])
        said.append(f"the network changes too of {told}")
    if link:
        said.append(f'<a href="{escape(checked(link))}">full report</a>')
    return "\n<p>" + " · ".join(said) + "</p>\n" if said else ""
