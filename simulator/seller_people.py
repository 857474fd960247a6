"""Buyers and their addresses, invented, in the writing of their country."""

from __future__ import annotations

import random
from typing import Any

Json = dict[str, Any]

# Given names; surnames; streets; "postal code, state, city".
_PEOPLE = {
    "US": (
        "Alice Marcus Dana Joel",
        "Whitfield Okafor Brandt Lindqvist",
        "{n} Orchard Lane|{n} W 12th St Apt {m}|{n} County Road {m}",
        "04101,ME,Portland|78704,TX,Austin|97214,OR,Portland|60622,IL,Chicago",
    ),
    "CA": (
        "Chloé Graham Priya Owen",
        "Tremblay Fraser Singh Leblanc",
        "{n} Rue Sainte-Anne|{n} Maple Crescent",
        "H2X 1Y4,QC,Montréal|V6B 2W9,BC,Vancouver|M5V 3L9,ON,Toronto",
    ),
    "MX": (
        "Lucía Mateo Ximena Iván",
        "Hernández Núñez Peña Ibáñez",
        "Calle Fresno {n}|Av. Insurgentes Sur {n} Int. {m}",
        "06700,CDMX,Ciudad de México|44100,JAL,Guadalajara",
    ),
    "BR": (
        "João Beatriz Otávio Luíza",
        "Gonçalves Araújo Simões Brandão",
        "Rua das Acácias, {n}|Avenida São João, {n} ap. {m}",
        "01310-100,SP,São Paulo|22041-001,RJ,Rio de Janeiro",
    ),
    "DE": (
        "Jörg Anneliese Käthe Matthias",
        "Müßig Schröder Öztürk Weiß",
        "Lindenstraße {n}|Am Mühlbach {n}a|Große Gasse {n}/{m}",
        "04103,,Leipzig|80337,,München|50667,,Köln|24103,,Kiel",
    ),
    "FR": (
        "Hélène François Noël Zoé",
        "Lefèvre Garçon Bénard Renaud",
        "{n} rue de l'Église|{n} bis avenue Foch",
        "69002,,Lyon|44000,,Nantes|75011,,Paris",
    ),
    "IT": (
        "Niccolò Chiara Davide Letizia",
        "Bellucci Conti Farò D'Angelo",
        "Via Garibaldi {n}|Corso Umberto I {n} int. {m}",
        "20121,MI,Milano|00186,RM,Roma|40121,BO,Bologna",
    ),
    "ES": (
        "Begoña Álvaro Núria Iñaki",
        "Muñoz Ibáñez Vázquez Peña",
        "Calle Mayor {n}, {m}º|Paseo de la Castellana {n}",
        "28013,Madrid,Madrid|08002,Barcelona,Barcelona|41001,Sevilla,Sevilla",
    ),
    "GB": (
        "Harriet Callum Imogen Rhys",
        "Ashworth Penhaligon MacLeod Bevan",
        "{n} Station Road|Flat {m}, {n} King Street",
        "LS1 4DY,West Yorkshire,Leeds|EH1 1YZ,Midlothian,Edinburgh|CF10 1EP,,Cardiff",
    ),
    "NL": (
        "Joris Maartje Daniël Noë",
        "van Dijk de Groot Brouwer",
        "Prinsengracht {n}|Dorpsstraat {n}-{m}",
        "1016 GZ,,Amsterdam|3511 LN,,Utrecht",
    ),
    "BE": (
        "Loïc Anaïs Wout Elise",
        "Peeters Dubois Claes Lambert",
        "Rue Neuve {n}|Kerkstraat {n} bus {m}",
        "1000,,Bruxelles|2000,,Antwerpen",
    ),
    "IE": (
        "Aoife Cillian Róisín Fionn",
        "Ó Briain Gallagher Nolan",
        "{n} Patrick Street|Apartment {m}, {n} The Quay",
        "T12 W8NX,Cork,Cork|D02 X285,Dublin,Dublin",
    ),
    "PL": (
        "Łukasz Małgorzata Paweł Zofia",
        "Wiśniewski Dąbrowska Żak Woźniak",
        "ul. Długa {n}|ul. Świętego Ducha {n}/{m}",
        "80-831,,Gdańsk|30-001,,Kraków",
    ),
    "SE": (
        "Åsa Björn Göran Linnéa",
        "Sjöberg Åkesson Nyström",
        "Storgatan {n}|Östra Hamngatan {n} lgh {m}",
        "411 09,,Göteborg|111 22,,Stockholm",
    ),
    "TR": (
        "Ayşe Çağlar İpek Oğuz",
        "Yıldız Şahin Güneş Özkan",
        "İstiklal Caddesi No {n}|Atatürk Bulvarı {n} D:{m}",
        "34430,İstanbul,Beyoğlu|06420,Ankara,Çankaya",
    ),
    "JP": (
        "陽子 健太 美咲 大輔",
        "佐藤 渡辺 小林 山口",
        "本町{n}-{m}|中央{m}丁目{n}番地",
        "160-0022,東京都,新宿区|530-0001,大阪府,大阪市北区",
    ),
    "AU": (
        "Bronwyn Lachlan Tahlia Angus",
        "Kincaid Rafferty Novak",
        "{n} Wattle Street|Unit {m}, {n} Harbour Road",
        "3000,VIC,Melbourne|4000,QLD,Brisbane",
    ),
}
# The others write to an address in English letters.
_PLAIN = (
    "Samira Karim Nadia Tariq",
    "Haddad Rahman Naidoo Menon",
    "{n} Market Street|Building {m}, {n} Palm Avenue",
    "11511,,Central District|20000,,Harbour District",
)
_COMPANIES = ("Handel", "Supply", "Werkstatt", "Studio", "Logistik", "Labor")
_FORMS = {"DE": "GmbH", "FR": "SARL", "IT": "S.r.l.", "ES": "S.L.", "GB": "Ltd"}
# The ways in which German buyers type a Packstation (lines 1 to 3 and company).
_PACKSTATIONS = (
    {"addressLine1": "Packstation {s}", "addressLine2": "{p}"},
    {"addressLine1": "{p}", "addressLine2": "Packstation {s}"},
    {"companyName": "{p}", "addressLine1": "Packstation {s}"},
    {"addressLine1": "DHL-Packstation {s}", "addressLine2": "Postnummer: {p}"},
    {"addressLine1": "Packstation {s} Postnr. {p}"},
)


def person(rng: random.Random, country: str) -> Json:
    """A `CustomerAddress` of somebody at home there."""
    given, family, streets, places = _PEOPLE.get(country, _PLAIN)
    postal_code, state, city = rng.choice(places.split("|")).split(",")
    street = rng.choice(streets.split("|"))
    first, last = rng.choice(given.split()), rng.choice(family.split())
    address = {
        "name": f"{last} {first}" if country == "JP" else f"{first} {last}",
        "addressLine1": street.format(n=rng.randint(1, 180), m=rng.randint(1, 30)),
        "city": city,
        "postalCode": postal_code,
        "countryCode": country,
        "phone": f"+{rng.randint(10**9, 10**10)}",
        "addressType": "RESIDENTIAL",
    }
    return {**address, "stateOrRegion": state} if state else address


def company(rng: random.Random, country: str, address: Json) -> str:
    family = address["name"].split()[-1]
    return f"{family} {rng.choice(_COMPANIES)} {_FORMS.get(country, 'Ltd')}"


def packstation(rng: random.Random, address: Json) -> Json:
    """The address of a German buyer who fetches parcels from a machine."""
    way = _PACKSTATIONS[rng.randrange(len(_PACKSTATIONS))]
    station = rng.randint(101, 599)
    number = rng.randint(10**6, 10**9)
    written = {name: text.format(s=station, p=number) for name, text in way.items()}
    without = {k: v for k, v in address.items() if not k.startswith("addressLine")}
    return {**without, **written, "addressType": "PICKUP_POINT"}


def vat_number(rng: random.Random, country: str) -> str:
    """One with good check digits, "" for countries whose way is not known here."""
    digits = f"{rng.randint(10_000_000, 99_999_999)}"
    if country == "DE":  # ISO 7064, MOD 11,10
        product = 10
        for digit in digits:
            product = 2 * ((int(digit) + product) % 10 or 10) % 11
        return f"DE{digits}{(11 - product) % 10}"
    if country == "FR":  # the key is 12 + 3 SIREN, MOD 97; the SIREN obeys Luhn
        siren = digits + _luhn(digits)
        return f"FR{(12 + 3 * int(siren)) % 97:02d}{siren}"
    if country == "IT":  # seven digits, the office, Luhn
        first = f"{digits[:7]}{rng.randint(1, 100):03d}"
        return f"IT{first}{_luhn(first)}"
    return ""


def _luhn(digits: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (2 if place % 2 == 0 else 1)
        total += number - 9 if number > 9 else number
    return str(-total % 10)
