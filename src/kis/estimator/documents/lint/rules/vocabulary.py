"""Words the rules know: heads of priced tables, and the Latin words a Korean panel quotation uses as they are."""

from typing import Final, Literal

Column = Literal["item", "quantity", "price", "amount"]

HEADS: Final[dict[str, Column]] = {
    "품명": "item", "항목": "item", "분전반": "item", "item": "item", "description": "item", "panel": "item",
    "수량": "quantity", "quantity": "quantity", "qty": "quantity",
    "단가": "price", "unitprice": "price", "price": "price",
    "금액": "amount", "amount": "amount",
}  # fmt: skip
"""Heads of the columns of priced tables, without blanks and in small letters."""

_FIRST_LETTERS: Final = frozenset(head[0] for head in HEADS)

LEAST_HEADS: Final = 3
"""So many known heads make a row the head of a priced table."""

_TRADE: Final = """
ABB AC ACB AF AT ASSEMBLY AUTO AVR
BARE BASE BOX BREAKER BUS BUSBAR BUS-BAR
CABLE CAD CAM CARD CB CHARGE CHARNEL CHANNEL COATING COIL CONTROL COVER CT CU CV
DC DIN DOOR DS DUCT DXF
E-BAR E.T EARTH ELB ELCB EMPR EOCR EPOXY ET EV
F-CV FAN FL FR FR-3 FRAME FRP FUSE
GFCI GIMAC GND GPT GRHS
HDS HFIX HIV HIBOX HOLDER HS HT
IEC IED INSULATOR INVERTER IP IV
KC KCS KEC KESCO KIV KS
LA LAMP LAN LED LINE LOT LS LV
MAIN MC MCB MCC MCCB MCP METER MG MIXED MOTOR MSB
N-BAR N.P N.T NFR NO NP NT
OCGR OCR OFF ON OVR
P P-COVER PANEL PB PBL PE PEN PF PLATE PLC POLE PT PTC PVC
RCBO RCCB RELAY RST
SC SCADA SHDS SMC SPARE SPD SPDT SQ SS STEEL SUPPORT SUS SWITCH
TB TERMINAL TFR-CV TFR TIMER TM TMD TN-C TN-C-S TN-S TN TR TT
UPS UVT
VA VCB VCT VVVF
WH WHM WIRE XLPE ZCT ZSI
"""
"""Parts, systems and materials by the names the trade writes in Latin letters."""

_UNITS: Final = """
a A AF AH AT C EA F G GB Hz J K KB KG kA kAIC kg km kN kPa kV kVA kvar kW kWh lm lx m M mA MB MPa mm ms mV MVA N Nm Pa PCS pt s SET Ta T U Un
Ue Ui Ui Uimp Iu In InA Inc InC Icu Ics Icw Ipk Imax Iimp fn Up Uc V VA var W Wh x X Y Z lot lots
"""
"""Units and rated quantities (IEC 60050, IEC 61439-1)."""

_DOCUMENTS: Final = """
A3 A4 API CAD CSV DXF E-mail email E mail EMAIL Fax FAX Gmail HP ID KIS KRW USD US No NO No. PDF PDF/A QR REV Rev SHA SVG TEL Tel URL VAT WEB XLSX
ISO JSON NEMA nema max min cos of Co Ltd Inc MIXED B R S D E H L
"""
"""What documents themselves are called and numbered by."""

TRADE_TERMS: Final = frozenset(word for words in (_TRADE, _UNITS, _DOCUMENTS) for word in words.split())


def head_of(text: str) -> Column | None:
    """Return the column whose head ``text`` is: blanks and a unit in brackets do not count (단 가, Amount (₩))."""
    if text[:1].casefold() not in _FIRST_LETTERS:
        return None
    bare = "".join(text.partition("(")[0].split()).casefold()
    return HEADS.get(bare)
