"""The registers, in the order in which they are loaded, and what the columns of their files mean."""

from decimal import Decimal

from django.db import DataError, IntegrityError, transaction

from accounts.loading.partnerships import seed_partnerships
from accounts.loading.rows import RegisterError, read_rows, yes_no, yes_no_unknown
from accounts.loading.upsert import Register, bring_in_line
from accounts.models import registers


@transaction.atomic
def load_reference(directory):
    """Load every register from the CSV files in ``directory``; all or nothing, and safe to repeat.

    directory: a Path such as ``fixtures/reference``; its README describes the files. Returns a list of
    Outcome, one a register. Deletes nothing. Raises RegisterError with the file and line in question.
    """
    outcomes = [_load(directory / f"{file}.csv", register, read) for file, register, read in REGISTERS]
    return [*outcomes, *seed_partnerships()]


def _load(path, register, reader):
    codes = Codes()
    rows = read_rows(path, lambda row: reader(row, codes))
    keys = {tuple(row[name] for name in register.key) for row in rows}
    if len(keys) < len(rows):
        raise RegisterError(f"{path.name} has the same {' and '.join(register.key)} twice")
    try:
        return bring_in_line(register, rows)
    except (IntegrityError, DataError) as error:
        raise RegisterError(f"{path.name}: {error}") from error


class Codes:
    """Ids by code, of what has been loaded so far. A reader that meets an unknown code raises KeyError."""

    def __init__(self):
        self.regions = dict(registers.Region.objects.values_list("gss_code", "pk"))
        self.health_authorities = dict(
            registers.StrategicHealthAuthority.objects.values_list("ods_code", "pk")
        )
        self.organisations = dict(registers.Organisation.objects.exclude(code=None).values_list("code", "pk"))


def id_or_none(ids, code):
    """The id of ``code``; None for an empty cell, where it is not known."""
    return ids[code] if code else None


def region(row, codes):
    return {"gss_code": row["gss_code"], "name": row["name"], "slug": row["slug"], "order": int(row["order"])}


def strategic_health_authority(row, codes):
    return {
        "ods_code": row["ods_code"],
        "gss_code": row["gss_code"],
        "name": row["name"],
        "region_id": codes.regions[row["region"]],
    }


def _organisation(row, codes):
    """What the files of the three kinds of organisation have in common."""
    return {
        "code": row["code"],
        "slug": row["slug"],
        "name": row["name"],
        "region_id": id_or_none(codes.regions, row["region"]),
        "strategic_health_authority_id": id_or_none(
            codes.health_authorities, row["strategic_health_authority"]
        ),
        "note": row["note"],
    }


def local_authority(row, codes):
    other = ("dfe", "ons_2009", "ons_2008", "gss_2011", "gss_2008")
    return _organisation(row, codes) | {
        "kind": registers.OrganisationKind.LOCAL_AUTHORITY.value,
        "official_name": row["official_name"],
        "la_type": registers.LocalAuthorityType(row["la_type"]).value,
        "other_codes": {name: row[name] for name in other if row[name]},
    }


def primary_care_trust(row, codes):
    return _organisation(row, codes) | {
        "kind": registers.OrganisationKind.PCT.value,
        "other_codes": {"ons": row["ons"]},
    }


def nhs_trust(row, codes):
    return _organisation(row, codes) | {
        "kind": registers.OrganisationKind.NHS_TRUST.value,
        "trust_kind": registers.TrustKind(row["trust_kind"]).value,
        "trust_speciality": row["trust_speciality"],
        "headquarters_postcode": row["headquarters_postcode"],
        "headquarters_authority_id": id_or_none(codes.organisations, row["headquarters_authority"]),
    }


def organisation_year(row, codes):
    return {
        "organisation_id": codes.organisations[row["organisation"]],
        "year": int(row["year"]),
        "on_register": yes_no(row["on_register"]),
        "la_type": registers.LocalAuthorityType(row["la_type"]).value if row["la_type"] else "",
        "commissioner": yes_no_unknown(row["commissioner"]),
        "child_health_provider": yes_no_unknown(row["child_health_provider"]),
        "camhs_provider": yes_no_unknown(row["camhs_provider"]),
    }


def pct_coverage(row, codes):
    return {
        "pct_id": codes.organisations[row["pct"]],
        "authority_id": codes.organisations[row["authority"]],
        "coverage": registers.Coverage(row["coverage"]).value,
        "basis": row["basis"],
    }


def succession(row, codes):
    return {
        "predecessor_id": codes.organisations[row["predecessor"]],
        "successor_id": codes.organisations[row["successor"]],
        "year": int(row["year"]),
        "note": row["note"],
    }


def population(row, codes):
    return {
        "authority_id": codes.organisations[row["authority"]],
        "year": int(row["year"]),
        "age_band": row["age_band"],
        "persons": int(row["persons"]),
        "source": row["source"],
    }


def hexagon(row, codes):
    return {
        "authority_id": codes.organisations[row["authority"]],
        "q": int(row["q"]),
        "r": int(row["r"]),
        "used_in_list": registers.HexagonList(row["used_in_list"]).value,
        "basis": row["basis"],
    }


def postcode_area(row, codes):
    return {
        "outcode": row["outcode"],
        "latitude": float(row["latitude"]),
        "longitude": float(row["longitude"]),
        "main_authority_id": codes.organisations[row["main_authority"]],
        "main_share": Decimal(row["main_share"]),
        "postcodes": int(row["postcodes"]),
        "authorities": _numbers(row["authorities"]),
    }


def _numbers(text):
    """``E06000022:3;E06000023:5`` as a dict of code to number."""
    pairs = (pair.split(":") for pair in text.split(";"))
    return {code: int(number) for code, number in pairs}


def email_domain(row, codes):
    return {
        "domain": row["domain"],
        "organisation_id": id_or_none(codes.organisations, row["organisation"]),
        "shared": yes_no(row["shared"]),
    }


def _organisations(name):
    return Register(name, registers.Organisation, key=("code",), once=("slug",))


_YEARS = Register(
    "years of organisations",
    registers.OrganisationYear,
    key=("organisation_id", "year"),
    not_emptied=("commissioner", "child_health_provider", "camhs_provider"),
)

# File, register, reader: a later one may name what an earlier one brought.
REGISTERS = [
    ("regions", Register("regions", registers.Region, key=("gss_code",)), region),
    (
        "strategic_health_authorities",
        Register("strategic health authorities", registers.StrategicHealthAuthority, key=("ods_code",)),
        strategic_health_authority,
    ),
    ("local_authorities", _organisations("local authorities"), local_authority),
    ("primary_care_trusts", _organisations("primary care trusts"), primary_care_trust),
    ("nhs_trusts", _organisations("NHS trusts"), nhs_trust),
    ("organisation_years", _YEARS, organisation_year),
    (
        "pct_coverage",
        Register("PCT coverage", registers.PCTCoverage, key=("pct_id", "authority_id")),
        pct_coverage,
    ),
    (
        "successions",
        Register("successions", registers.Succession, key=("predecessor_id", "successor_id")),
        succession,
    ),
    (
        "populations",
        Register("populations", registers.Population, key=("authority_id", "year", "age_band")),
        population,
    ),
    ("hexagons", Register("hexagons", registers.Hexagon, key=("authority_id",)), hexagon),
    ("postcode_areas", Register("postcode areas", registers.PostcodeArea, key=("outcode",)), postcode_area),
    ("email_domains", Register("e-mail domains", registers.EmailDomain, key=("domain",)), email_domain),
]
