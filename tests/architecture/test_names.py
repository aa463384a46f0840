"""A student's name, and what people typed about students, reach a page through the tags that hide names."""

import ast
import re

import pytest
from django.template import engines
from django.template.base import FilterExpression, Node, Variable, VariableNode
from django.template.defaulttags import FirstOfNode, WithNode

from tests.architecture.sources import files, nodes
from tests.architecture.test_templates import templates

pytestmark = pytest.mark.architecture

#: The last word of a variable whose value names a student or was typed about one.
HOLDS_NAMES = {
    "text", "words", "filename", "display_name", "given_name", "family_name", "preferred_given_name",
    "full_name", "reason", "note", "outcome", "typed",
}  # fmt: skip
#: Variables that end so and hold no student's name, by template, and why.
MAY_PRINT = {
    ("ui/shell.html", "notice.text"): "the platform's own notices",
    ("safeguarding/_audit_line.html", "line.words"): "what was done, in our own words",
    ("403.html", "reason"): "a refusal's sentence",
    ("helpdesk/article.html", "one.published_by.name"): "an agent's",
    ("helpdesk/webinar.html", "guest.name"): "a colleague who takes part",
    ("helpdesk/console.html", "queue.words"): "a queue's, our own",
    ("helpdesk/console.html", "name.words"): "likewise",
    ("helpdesk/promises.html", "one.words"): "a promise's, our own",
    ("helpdesk/sort.html", "one.name"): "a tag's",
    ("helpdesk/ticket.html", "queue.words"): "a queue's, our own",
    ("helpdesk/ticket.html", "each.words"): "likewise",
    ("schools/reset_key.html", "person.display_name"): "a colleague",
    ("schools/staff_member.html", "person.display_name"): "a colleague",
    ("schools/invite_several.html", "person.given_name"): "a colleague",
    ("schools/invite_several.html", "person.family_name"): "a colleague",
    ("notifications/email/invitation.html", "invited.name"): "a colleague, in their own letter",
    ("notifications/email/_link.html", "words"): "the link's words, our own",
    ("tenants/_onboardings.html", "one.name"): "a school's",
    ("tenants/onboarding.html", "one.name"): "a school's",
    ("ui/widgets/_map.html", "place.words"): "a part of the body, in our own words",
    (
        "ui/widgets/_marker.html",
        "shown.marker.note",
    ): "only where it may be shown; else its stars are",
    ("ui/component/marked_map.html", "one.sheet.name"): "a map's",
    ("schools/maps.html", "one.name"): "a map's",
    ("schools/_import_counts.html", "words"): "a column's, our own",
    ("schools/_import_problems.html", "reason"): "what is wrong with a line; it names nobody",
    ("schools/_import_rows.html", "row.display_name"): "a colleague",
    ("schools/_import_value.html", "value.display_name"): "a colleague",
}
#: Names of things other than people and texts, where “name” is printed as it is, and whose it is.
NAMES_OF_THINGS = re.compile(
    r"(^|\.)(category|parent|child|group|access_group|school|place|widget|option|part|key|file|sheet|map|team|tag|agent)\.name$"
)
#: Modules that make a name of a person into words, and whose.
MAKE_WORDS = {
    "ui.names": "students'",
    "ui.templatetags.ui": "staff's, and any name of a person through ui.names",
    "config.shell": "of the person whose session is locked",
    "schools.choices": "staff's",
    "schools.middleware": "staff's",
    "schools.selectors.card": "staff's",
    "support.forms.official": "staff's",
    "support.selectors.handover": "staff's",
    "support.selectors.webinars": "staff's, who take part in one",
    "schools.selectors": "staff's",
    "schools.views.administration": "staff's",
    "schools.views.keys": "staff's",
    "schools.views.staff_invitations": "staff's",
    "schools.services.invitations": "staff's",
    "safeguarding.forms.incident_filter": "staff's",
    "safeguarding.selectors.audit": "staff's",
    "safeguarding.seeding": "staff's",
    "safeguarding.services.audit_export": "staff's",
    "safeguarding.services.deliveries": "staff's",
}


def _under(node):
    # A block tag of our own says nothing of its nodelist, and has one.
    for name in {"nodelist", *getattr(node, "child_nodelists", ())}:
        yield from getattr(node, name, None) or ()


def printed(nodelist):
    """Yield each variable that a template prints as it is, by ``{{ }}`` or a tag of Django's own."""
    for node in nodelist:
        if isinstance(node, VariableNode):
            yield node.filter_expression
        elif isinstance(node, FirstOfNode):
            yield from node.vars
        elif type(node).__name__ == "BlockTranslateNode":
            yield from (value for value in node.extra_context.values())
        if isinstance(node, Node):
            yield from printed(_under(node))


def path_of(expression):
    variable = expression.var if isinstance(expression, FilterExpression) else None
    return variable.var if isinstance(variable, Variable) else ""


def found_in(source):
    compiled = engines["django"].from_string(source).template
    return [path for one in printed(compiled.nodelist) if (path := path_of(one))]


def is_name(path):
    last = path.rpartition(".")[2]
    if last == "name":
        return "." in path and not NAMES_OF_THINGS.search(path)
    return last in HOLDS_NAMES


def test_the_rule_finds_what_it_is_for():
    source = (
        "{% load ui i18n %}{% if a %}{% for b in c %}{% ui_notice 'info' %}{{ b.text|upper }}"
        "{% endui_notice %}{% endfor %}{% endif %}{% firstof a.filename b.c %}"
        "{% blocktranslate with name=student.display_name %}{{ name }}{% endblocktranslate %}"
        "{{ category.name }}{{ agency.name }}{% record_text a.text students %}"
    )
    assert [path for path in found_in(source) if is_name(path)] == [
        "b.text",
        "a.filename",
        "student.display_name",
        "agency.name",
    ]


def test_g7_01_no_template_prints_a_name_or_a_typed_text_by_itself():
    wrong, allowed = [], set()
    for path in templates():
        place = str(path).partition("templates/")[2]
        for variable in found_in(path.read_text(encoding="utf-8")):
            if (place, variable) in MAY_PRINT:
                allowed.add((place, variable))
            elif is_name(variable):
                wrong.append((place, variable))
    assert wrong == []
    assert allowed == set(MAY_PRINT)


def test_no_template_gives_a_name_to_another_variable():
    renamed = []
    for path in templates():
        compiled = engines["django"].from_string(path.read_text(encoding="utf-8")).template
        for node in compiled.nodelist.get_nodes_by_type(WithNode):
            renamed += [(path.name, path_of(v)) for v in node.extra_context.values()]
    assert [(place, variable) for place, variable in renamed if is_name(variable)] == []


def test_g7_01_names_of_people_become_words_in_few_places():
    making = {
        module
        for module, node in nodes(ast.Attribute)
        if node.attr == "display_name" and isinstance(node.ctx, ast.Load)
    }
    assert making == set(MAKE_WORDS)


def test_g7_01_file_names_are_told_by_the_module_of_names():
    telling = {module for module, node in nodes(ast.Attribute) if node.attr == "filename"} - {
        "safeguarding.forms.files",
        "safeguarding.views.files",
        # Of an export of the MIS, which its own page alone tells of.
        "schools.mis.uploaded",
        "schools.services.mis_uploads",
        # Looks for names in it; what is shown of it goes through `record_text`.
        "support.screening",
    }
    # The rest stores files or hands them out under the name that it is given.
    assert {module.rpartition(".")[0] for module in telling} <= {"core.attachments", "core"}
    assert len(files(".html")) > 50
