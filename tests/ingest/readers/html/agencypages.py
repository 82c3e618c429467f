"""Pages as agencies publish them, in our own words: what each must say when it is read, and what it must not."""

from __future__ import annotations

from dataclasses import dataclass

# Enough running text that a judge of articles finds one, so that what stands beside it is at risk.
PROSE = "".join(
    f"<p>{text}</p>"
    for text in (
        "Families who care for a relative's child can get help with food, clothes and school supplies. The help "
        "begins in the month in which the family asks for it, and a worker explains each step at the first visit.",
        "A child may stay with grandparents, aunts, uncles or close friends of the family. The home does not need "
        "a license for the first ninety days, but a short visit by the county shows that it is safe for children.",
        "Bring a paper that shows where you live, and one that shows how you are related to the child. If you have "
        "neither, the office can ask the school or the clinic, and you do not have to wait for their answer.",
    )
)
PROSA = "".join(
    f"<p>{text}</p>"
    for text in (
        "Las familias que cuidan a un niño de un pariente pueden recibir ayuda para comida, ropa y útiles. La ayuda "
        "empieza en el mes en que la familia la pide, y una trabajadora explica cada paso en la primera visita.",
        "El niño puede quedarse con abuelos, tíos o amistades cercanas. El hogar no necesita licencia durante los "
        "primeros noventa días, pero una visita breve del condado muestra que es seguro para los niños.",
    )
)


@dataclass(frozen=True, slots=True)
class AgencyPage:
    """A page's body, the words that must survive, and the words of its frame that must not."""

    name: str
    body: str
    kept: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    lang: str = "en"


_FRAME_TOP = (
    "<header><a href=/>County of Maple</a><nav><ul><li><a href=/a>Services</a><li><a href=/b>News</a>"
    "<li><a href=/c>Careers</a><li><a href=/d>Translate</a></ul></nav></header>"
    "<div id=cookie-consent>This site uses cookies. <button>Accept all</button></div>"
)
_FRAME_END = (
    "<footer><p>© County of Maple</p><ul><li><a href=/p>Privacy</a><li><a href=/s>Site map</a></ul></footer>"
)
FRAME = ("Careers", "This site uses cookies", "Site map")

PAGES = (
    AgencyPage(
        "a hotline in an aside",
        f"<main><h1>Kinship care</h1>{PROSE}<aside class=sidebar><h2>Need help now?</h2>"
        "<p>Call the Family Line at <a href='tel:+15550142200'>(555) 014-2200</a>, day and night.</p></aside></main>",
        ("Need help now?", "(555) 014-2200", "day and night"),
    ),
    AgencyPage(
        "a contact box beside the main part",
        f"<main><h1>Kinship care</h1>{PROSE}</main><aside><h3>Contact us</h3><address>Office of Families<br>"
        "12 Long Street, Room 4<br>Phone: 555-014-2201<br>Monday to Friday, 8 a.m. to 5 p.m.</address></aside>",
        ("Office of Families", "12 Long Street, Room 4", "555-014-2201", "8 a.m. to 5 p.m."),
    ),
    AgencyPage(
        "a number only in the footer",
        f"<main><h1>Kinship care</h1>{PROSE}</main><footer><div><p>Report abuse: call 1-800-555-0199</p></div>"
        "<ul><li><a href=/x>Accessibility</a><li><a href=/y>Vendors</a></ul></footer>",
        ("1-800-555-0199",),
        ("Vendors",),
    ),
    AgencyPage(
        "an accordion of buttons and hidden panels",
        f"<main><h1>Questions</h1>{PROSE}<div class=accordion>"
        "<h2><button aria-expanded=false aria-controls=p1>Who may apply?</button></h2>"
        "<div id=p1 hidden><p>Any adult relative who lives in the county.</p></div>"
        "<h2><button aria-expanded=false aria-controls=p2>What does it cost?</button></h2>"
        "<div id=p2 hidden><p>Nothing; the visit is free.</p></div></div></main>",
        (
            "Who may apply?",
            "Any adult relative who lives in the county.",
            "What does it cost?",
            "the visit is free",
        ),
    ),
    AgencyPage(
        "an accordion of bare buttons",
        f"<div class=page><h1>Questions</h1>{PROSE}<button class=accordion>How long does it take?</button>"
        "<div class=panel style='display:none'><p>Two weeks at most.</p></div>"
        "<button class=accordion>Who decides?</button>"
        "<div class=panel style='display:none'><p>The county worker.</p></div></div>",
        ("How long does it take?", "Two weeks at most.", "Who decides?", "The county worker."),
    ),
    AgencyPage(
        "tabs",
        f"<main><h1>Foster homes</h1>{PROSE}<ul role=tablist><li role=presentation><a role=tab href='#t1' "
        "aria-controls=t1>Eligibility</a><li role=presentation><a role=tab href='#t2' aria-controls=t2>Papers</a></ul>"
        "<div role=tabpanel id=t1><p>You must be twenty-one.</p></div>"
        "<div role=tabpanel id=t2 aria-hidden=true style='display: none'><ul><li>Proof of income<li>Two letters</ul>"
        "</div></main>",
        ("Eligibility", "You must be twenty-one.", "Papers", "Proof of income", "Two letters"),
    ),
    AgencyPage(
        "a table of offices",
        f"<main><h1>Offices</h1>{PROSE}<table><caption>Where to go</caption><thead><tr><th>Town<th>Address<th>Telephone"
        "</thead><tbody><tr><td>Ash<td>1 Mill Road<td>555-014-3301<tr><td>Birch<td>9 Elm Square<td>555-014-3302"
        "</tbody></table></main>",
        ("Where to go", "Ash | 1 Mill Road | 555-014-3301", "Birch | 9 Elm Square | 555-014-3302"),
    ),
    AgencyPage(
        "links that are the content",
        "<div id=content><h1>Forms for families</h1><p>Print the form that you need.</p><h2>Kinship</h2><ul>"
        "<li><a href=f1.pdf>Application for kinship support (KS-1)</a><li><a href=f2.pdf>Change of address of the "
        "family (KS-2)</a><li><a href=f3.pdf>Yearly report of the caregiver (KS-3)</a><li><a href=f4.pdf>Consent to "
        "medical care (KS-4)</a></ul></div>",
        ("Application for kinship support (KS-1)", "Consent to medical care (KS-4)", "Kinship"),
    ),
    AgencyPage(
        "a page in Spanish with a box of numbers",
        f"<main><h1>Cuidado por familiares</h1>{PROSA}<div class='sidebar widget'><h3>¿Necesita ayuda?</h3>"
        "<p>Llame al 211 o marque el (555) 014-2300.</p><p>Línea de crisis: envíe HOLA al 741741.</p></div></main>",
        ("¿Necesita ayuda?", "Llame al 211", "(555) 014-2300", "envíe HOLA al 741741"),
        lang="es",
    ),
    AgencyPage(
        "questions in details",
        f"<main><h1>Preguntas frecuentes</h1>{PROSA}<details><summary>¿Quién puede pedir ayuda?</summary>"
        "<p>Toda persona adulta.</p></details><details><summary>¿Cuánto tarda?</summary>Dos semanas.</details></main>",
        ("¿Quién puede pedir ayuda?", "Toda persona adulta.", "¿Cuánto tarda?", "Dos semanas."),
        lang="es",
    ),
    AgencyPage(
        "a page without paragraphs",
        "<div><h1>Winter shelter</h1><div>The shelter opens when it freezes.</div><div>Doors open at 6 p.m.<br>"
        "Bring a blanket.</div><span>Pets are welcome.</span><div>Ask for Dana: 555-014-7788</div></div>",
        ("The shelter opens when it freezes.", "Bring a blanket.", "Pets are welcome.", "555-014-7788"),
    ),
    AgencyPage(
        "terms and their meaning",
        f"<main><h1>Words we use</h1>{PROSE}<dl><dt>Kin<dd>A relative by blood or by marriage.<dt>Respite"
        "<dd>A weekend of rest for the caregiver.</dl></main>",
        ("Kin", "A relative by blood or by marriage.", "Respite", "A weekend of rest for the caregiver."),
    ),
    AgencyPage(
        "a call to act in a box of its own",
        f"<main><h1>Report abuse</h1><div class='alert promo'><strong>In danger? Call 911.</strong></div>{PROSE}"
        "<section class=cta><h2>Crisis Text Line</h2><p>Text HOME to 741741 to reach a counselor.</p></section></main>",
        ("In danger? Call 911.", "Crisis Text Line", "Text HOME to 741741"),
    ),
    AgencyPage(
        "a page laid out with tables",
        "<table role=presentation width=100%><tr><td><h1>School lunches</h1><p>Every child eats free in June.</p>"
        "<p>Menus hang at the door.</p></td><td><b>Questions?</b><br>Call Rosa at 555.014.9090</td></tr></table>",
        ("Every child eats free in June.", "Menus hang at the door.", "Questions?", "555.014.9090"),
    ),
    AgencyPage(
        "parts whose ids are made of their headings",
        f"<main><h1>Benefits</h1>{PROSE}<section id=social-security><h2>Social Security</h2><p>A child may have an "
        "income of its own after a parent dies.</p></section><section id=requesting-new-related-lists><h2>Requesting new "
        "related lists</h2><p>Write to the county clerk.</p></section><section id=sharing><h2>Sharing</h2><p>We share no "
        "names with anyone.</p></section></main>",
        ("an income of its own", "Write to the county clerk.", "We share no names with anyone."),
    ),
    AgencyPage(
        "a chart with its caption",
        f"<main><h1>Children in care</h1>{PROSE}<figure><img src=a.png alt=''><figcaption>Figure 2. Children in care, by "
        f"year</figcaption></figure>{PROSE}</main>",
        ("Figure 2. Children in care, by year",),
    ),
    AgencyPage(
        "hours and fees as short lines",
        f"<main><h1>Clinic</h1>{PROSE}<h2>Hours</h2><ul><li>Monday: 8 to 5<li>Saturday: 9 to noon</ul><h2>Fees</h2>"
        "<p>First visit: $0</p><p>Later visits: $15</p></main>",
        ("Hours", "Monday: 8 to 5", "Saturday: 9 to noon", "Fees", "First visit: $0", "Later visits: $15"),
    ),
)

_JSON = (
    '<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle"}</script>'
)
CLAIMS = {"none": "", "open graph": "<meta property='og:type' content='article'>", "schema.org": _JSON}


def page_of(page: AgencyPage, claim: str) -> bytes:
    """Return the whole page in its site's frame; ``claim`` says how it calls itself an article, if it does."""
    end = "" if "<footer" in page.body else _FRAME_END
    head = f"<head><meta charset=utf-8><title>{page.name}</title>{CLAIMS[claim]}</head>"
    return f"<!doctype html><html lang={page.lang}>{head}<body>{_FRAME_TOP}{page.body}{end}</body></html>".encode()
