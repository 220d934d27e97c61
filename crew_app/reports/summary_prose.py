"""The sections of a summary as these departments write them: sentences with their figures, then a table."""

from decimal import Decimal

from crew_app.core.words import N_
from crew_app.reports.figures import Facts, Figure
from crew_app.reports.summary_words import Grid, Listing, Paragraph, Said, Section, row, say
from crew_app.rounds.content import CATEGORY_LABELS, Category

TOP = 8
NOW, THEN, CHANGE = N_("This period"), N_("Year before"), N_("Year on year")


def sections(facts: Facts) -> list[Section]:
    """The parts that tell what was done; those that look ahead are in `summary_outlook`."""
    return [
        _jobs(facts),
        _kinds(facts),
        _quality(facts),
        _safety(facts),
        _rounds(facts),
        _training(facts),
        _supplies(facts),
        _contractors(facts),
        _satisfaction(facts),
        _works(facts),
    ]


def compared(figure: Figure, text: str = N_("In the same period of the year before there were %(then)s")) -> Paragraph:
    """The year before, and by how much it went up or down; nothing where that is not known."""
    if figure.change is None or figure.then is None:
        return []
    rest = {
        True: N_(", so there was an increase of %(change)s."),
        False: N_(", so there was a decrease of %(change)s."),
    }[figure.change >= 0]
    return [say(text, then=Figure(figure.then, figure.form)), say(rest, change=_percent(abs(figure.change)))]


def _jobs(facts: Facts) -> Section:
    if not facts["all"].value:
        return Section("jobs", N_("Repairs and reports"))
    first = [
        say(N_("Wards reported %(reported)s jobs."), reported=facts["reported"]),
        say(
            N_("%(at_once)s of them (%(rate)s) were done at once, and %(material)s had to wait for material."),
            at_once=facts["at_once"],
            rate=facts["at_once_rate"],
            material=facts["material"],
        ),
        say(N_("%(done)s are done by now, %(open)s are not."), done=facts["reported_done"], open=facts["not_done"]),
        *compared(facts["reported"]),
    ]
    return Section(
        "jobs",
        N_("Repairs and reports"),
        [first, *_found(facts), *_waited(facts)],
        [_job_grid(facts), *_awaited(facts)],
    )


def _found(facts: Facts) -> list[Paragraph]:
    if not facts["found"]:
        return []
    told = say(
        N_("%(found)s problems were found on rounds before anybody reported them, and %(done)s of these are done."),
        found=facts["found"],
        done=facts["found_done"],
    )
    fewer = facts["reported"].change is not None and facts["reported"].change < 0
    hint = [say(N_("What is found early is not reported: fewer reports are a result of it, too."))] if fewer else []
    return [[told, *compared(facts["found"]), *hint]]


def _waited(facts: Facts) -> list[Paragraph]:
    rows = facts.rows["awaited"]
    if not rows:
        return []
    text = N_("What jobs waited for: %(items)s. %(waiting)s jobs still wait.")
    return [[say(text, items=Listing(rows), waiting=facts["waiting"])]]


def _awaited(facts: Facts) -> list[Grid]:
    rows = facts.rows["awaited"]
    return [Grid(N_("What jobs waited for"), (N_("Item"), N_("Jobs"), N_("Quantity")), rows)] if rows else []


def _job_grid(facts: Facts) -> Grid:
    lines = [
        (N_("Jobs reported"), "reported"),
        (N_("Done"), "reported_done"),
        (N_("Done at once"), "at_once"),
        (N_("Had to wait for material"), "material"),
        (N_("Not done yet"), "not_done"),
        (N_("Found on rounds"), "found"),
        (N_("Planned maintenance"), "planned"),
        (N_("Carrying"), "deliveries"),
        (N_("Trips"), "trips"),
    ]
    shown = [row(words, facts[key]) for words, key in lines if facts[key] or key in ("reported", "found")]
    return Grid(N_("Jobs"), (N_("Figure"), NOW, THEN, CHANGE), shown)


def _kinds(facts: Facts) -> Section:
    rows = facts.rows["kinds"]
    if not rows:
        return Section("kinds", N_("Work by kind"))
    text = N_("Of %(all)s jobs in all, the most frequent were: %(kinds)s.")
    told = say(text, all=facts["all"], kinds=Listing(rows[:TOP]))
    columns = (N_("Kind of job"), NOW, THEN, CHANGE, N_("Done"), N_("Repeat faults"))
    return Section("kinds", N_("Work by kind"), [[told]], [Grid(N_("Jobs by kind"), columns, rows)])


def _quality(facts: Facts) -> Section:
    if facts["on_time_rate"].value is None and facts["answered_rate"].value is None:
        return Section("quality", N_("Punctuality and quality"))
    rates = say(
        N_("%(rate)s of the jobs were done on time; %(late)s were late."),
        rate=facts["on_time_rate"],
        late=facts["late"],
    )
    answered = say(N_("%(rate)s were answered in time."), rate=facts["answered_rate"])
    times = []
    if facts["respond_minutes"].value is not None and facts["repair_minutes"].value is not None:
        text = N_("On average a report was answered after %(respond)s minutes and done after %(repair)s.")
        times = [say(text, respond=facts["respond_minutes"], repair=facts["repair_minutes"])]
    back = say(
        N_("Supervisors sent back %(sent_back)s jobs; %(repeat)s were repeat faults."),
        sent_back=facts["sent_back"],
        repeat=facts["repeat"],
    )
    lines = [
        (N_("On-time rate"), "on_time_rate"),
        (N_("Late"), "late"),
        (N_("Response rate in time"), "answered_rate"),
        (N_("Minutes until answered"), "respond_minutes"),
        (N_("Minutes until done"), "repair_minutes"),
        (N_("Sent back"), "sent_back"),
        (N_("Repeat faults"), "repeat"),
    ]
    grid = Grid(N_("Punctuality and quality"), (N_("Figure"), NOW, THEN, CHANGE), [row(w, facts[k]) for w, k in lines])
    return Section("quality", N_("Punctuality and quality"), [[rates, answered, *times], [back]], [grid])


def _safety(facts: Facts) -> Section:
    inspected = _category(facts, Category.SAFETY)
    if not facts["hazards"] and inspected is None:
        return Section("safety", N_("Safety inspections and hazards"))
    first = [say(N_("%(number)s safety inspections were made."), number=inspected)] if inspected else []
    if facts["hazards"].value:
        text = N_("%(found)s hazards were found and %(done)s put right: a rectification rate of %(rate)s.")
        values = {"found": facts["hazards"], "done": facts["rectified"], "rate": facts["rectified_rate"]}
        first = [*first, Said(text, values), *compared(facts["hazards"])]
    else:
        first = [*first, say(N_("No hazards were found."))]
    lines = [
        (N_("Hazards"), "hazards"),
        (N_("Hazards put right"), "rectified"),
        (N_("Rectification rate"), "rectified_rate"),
    ]
    grid = Grid(N_("Hazards"), (N_("Figure"), NOW, THEN, CHANGE), [row(words, facts[key]) for words, key in lines])
    return Section("safety", N_("Safety inspections and hazards"), [first], [grid])


def _category(facts: Facts, category: Category) -> Figure | None:
    """How many rounds of a category were walked; nothing where there were none."""
    words = CATEGORY_LABELS[category]
    return next((one.cells[1] for one in facts.rows["rounds"] if one.name == words), None)


def _rounds(facts: Facts) -> Section:
    rows = facts.rows["rounds"]
    if not rows and not facts["planned"]:
        return Section("rounds", N_("Rounds, plant rooms and upkeep"))
    told = [say(N_("Rounds that were walked: %(rounds)s."), rounds=Listing(rows, 1))] if rows else []
    if facts["planned"]:
        text = N_("%(planned)s jobs of planned maintenance came up, %(done)s of them are done.")
        told.append(say(text, planned=facts["planned"], done=facts["planned_done"]))
    columns = (N_("Rounds"), N_("To be walked"), N_("Walked"), N_("Missed"), N_("Share walked"), N_("Places visited"))
    grids = [Grid(N_("Rounds"), columns, rows)] if rows else []
    return Section("rounds", N_("Rounds, plant rooms and upkeep"), [told], grids)


def _training(facts: Facts) -> Section:
    heading = N_("Training, drills, tests and licences")
    papers = facts.rows["papers"]
    lines = [
        (N_("Drills"), "drills", "drill_people"),
        (N_("Trainings"), "trainings", "training_people"),
        (N_("Examinations"), "tests", "test_people"),
        (N_("Safety briefings"), "briefings", "briefing_people"),
    ]
    shown = [row(words, facts[times], facts[heads]) for words, times, heads in lines if facts[times].value]
    told: Paragraph = []
    if facts["drills"].value or facts["trainings"].value:
        text = N_("There were %(drills)s drills and %(trainings)s trainings, with %(people)s people taking part.")
        people = Figure((facts["drill_people"].value or 0) + (facts["training_people"].value or Decimal(0)))
        told.append(say(text, drills=facts["drills"], trainings=facts["trainings"], people=people))
    if facts["tests"].value:
        told.append(say(N_("%(people)s people sat an examination."), people=facts["test_people"]))
    if papers:
        told.append(say(N_("Tests made and licences issued or renewed: %(papers)s."), papers=Listing(papers)))
    grids = (
        [Grid(N_("Training and drills"), (N_("Kind"), N_("Times"), N_("People taking part")), shown)] if shown else []
    )
    if papers:
        grids.append(Grid(N_("Tests and licences"), (N_("Kind"), N_("Papers")), papers))
    return Section("training", heading, [told] if told else [], grids)


def _supplies(facts: Facts) -> Section:
    heading = N_("Materials and energy")
    paragraphs: list[Paragraph] = []
    grids = []
    before = N_("In the same period of the year before it was %(then)s yuan")
    if facts.has("used", "bought"):
        text = N_("Materials worth %(used)s yuan were used, and materials for %(bought)s yuan were bought.")
        told = say(text, used=facts["used"], bought=facts["bought"])
        paragraphs.append([told, *compared(facts["used"], before)])
        columns = (N_("Item"), N_("Quantity"), N_("Value in yuan"))
        grids.append(Grid(N_("Materials used most, by value"), columns, facts.rows["items"]))
    media = facts.rows["media"]
    if media:
        paragraphs.append([say(N_("Used of water and energy: %(media)s."), media=Listing(media))])
        priced = any(one.cells[1] for one in media)
        columns = (N_("Medium"), NOW, THEN, CHANGE, *((N_("Value in yuan"),) if priced else ()))
        grids.append(Grid(N_("Water and energy"), columns, media))
    return Section("supplies", heading, paragraphs, grids)


def _contractors(facts: Facts) -> Section:
    rows = facts.rows["contractors"]
    if not rows:
        return Section("contractors", N_("Contractors"))
    scored = [one for one in rows if one.cells[0].value is not None]
    told = [say(N_("Average scores of the firms: %(scores)s."), scores=Listing(scored))] if scored else []
    taken = sum((one.cells[3].value or Decimal(0) for one in rows), Decimal(0))
    given = sum((one.cells[4].value or Decimal(0) for one in rows), Decimal(0))
    text = N_("%(taken)s yuan were deducted and %(given)s yuan given as rewards.")
    form = rows[0].cells[3].form
    told.append(say(text, taken=Figure(taken, form), given=Figure(given, form)))
    columns = (N_("Firm"), N_("Score"), N_("Inspections"), N_("Findings"), N_("Deductions"), N_("Rewards"))
    return Section("contractors", N_("Contractors"), [told], [Grid(N_("Contractors"), columns, rows)])


def _satisfaction(facts: Facts) -> Section:
    told: Paragraph = []
    before = N_("In the same period of the year before it was %(then)s")
    if facts["ratings"].value:
        text = N_("%(number)s jobs were rated; satisfaction was %(rate)s.")
        told.append(say(text, number=facts["ratings"], rate=facts["rating_rate"]))
        told += compared(facts["rating_rate"], before)
    if facts["surveys"].value:
        text = N_("Wards filled in %(number)s surveys; satisfaction was %(rate)s.")
        told.append(say(text, number=facts["surveys"], rate=facts["survey_rate"]))
        told += compared(facts["survey_rate"], before)
    lines = [(N_("Satisfaction by ratings"), "rating_rate"), (N_("Satisfaction by surveys"), "survey_rate")]
    shown = [row(words, facts[key]) for words, key in lines if facts[key].value is not None]
    grids = [Grid(N_("Satisfaction"), (N_("Figure"), NOW, THEN, CHANGE), shown)] if told else []
    return Section("satisfaction", N_("Satisfaction"), [told] if told else [], grids)


def _works(facts: Facts) -> Section:
    rows = facts.rows["works"]
    if not rows:
        return Section("works", N_("Own works and savings"))
    text = N_(
        "The crew did %(works)s works itself. Firms had asked %(quoted)s yuan; it cost %(spent)s yuan, so %(saved)s "
        "yuan were saved."
    )
    values = {key: facts[key] for key in ("works", "quoted", "spent", "saved")}
    columns = (N_("Job"), N_("Quoted"), N_("Spent"), N_("Saved"))
    return Section("works", N_("Own works and savings"), [[Said(text, values)]], [Grid(N_("Own works"), columns, rows)])


def _percent(value: Decimal) -> str:
    return f"{value.normalize():f}%"
