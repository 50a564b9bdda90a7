"""Preparation of the files about health, and of the telephone customers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from worked.sources import KEY, Source, Table, age_band, flag, named

HORIZON_DAYS = 1826
"""Five years, the horizon of the mortality outcome."""

_CENSUS = {
    "northeast": "CT ME MA NH RI VT NJ NY PA",
    "midwest": "IL IN MI OH WI IA KS MN MO NE ND SD",
    "south": "DE FL GA MD NC SC VA DC WV AL KY MS TN AR LA OK TX",
    "west": "AZ CO ID MT NV NM UT WY AK CA HI OR WA",
}
CENSUS_REGION = {state: region for region, states in _CENSUS.items() for state in states.split()}
"""US Census Bureau region of each state and of the District of Columbia."""


def clean_pima(raw: Table) -> Table:
    """Nothing to drop: the package has already removed the rows with impossible zeros."""
    return raw.reset_index(drop=True)


def featurize_pima(t: Table) -> Table:
    """Measurements as they are; the outcome is diabetes by WHO criteria."""
    names = {"npreg": "pregnancies", "glu": "glucose", "bp": "blood_pressure", "skin": "skin_fold", "bmi": "bmi",
             "ped": "pedigree", "age": "age_years"}  # fmt: skip
    out = t[[KEY, *names]].rename(columns=names)
    return out.assign(outcome=flag(t["type"], "Yes"))


def attributes_pima(t: Table) -> Table:
    """Age band; every person is a woman of one community."""
    return pd.DataFrame({"age-band": age_band(t["age"])})


def clean_flchain(raw: Table) -> Table:
    """Drops people who left the study alive before five years: their outcome is not known."""
    known = (raw["futime"] >= HORIZON_DAYS) | (raw["death"] == 1)
    return raw[known].drop(columns=["chapter"]).reset_index(drop=True)


def featurize_flchain(t: Table) -> Table:
    """Laboratory values, and age and sex; the outcome is death within five years."""
    died = (t["death"] == 1) & (t["futime"] < HORIZON_DAYS)
    return pd.DataFrame(
        {
            KEY: t[KEY],
            "log_kappa": np.log(t["kappa"]).round(6),
            "log_lambda": np.log(t["lambda"]).round(6),
            "log_creatinine": np.log(t["creatinine"]).round(6),
            "creatinine_missing": t["creatinine"].isna().astype(int),
            "mgus": t["mgus"].astype(int),
            "age_years": t["age"].astype(int),
            "male": flag(t["sex"], "M"),
            "outcome": died.astype(int),
        }
    )


def attributes_flchain(t: Table) -> Table:
    """Sex and age band as the clinic recorded them."""
    return pd.DataFrame({"gender": named(t["sex"], {"F": "female", "M": "male"}), "age-band": age_band(t["age"])})


def clean_stroke(raw: Table) -> Table:
    """Nothing to drop."""
    return raw.reset_index(drop=True)


def featurize_stroke(t: Table) -> Table:
    """Carotid plaque measurements from CT angiography and history; the outcome is a stroke."""
    plaque = [
        "max_max_wall_thickness",
        "max_remodeling_ratio",
        "max_stenosis_by_area",
        "lrnc_vol_prop",
        "calc_vol_prop",
    ]
    columns = [*plaque, "age", "smoking_history", "hypertension_history"]
    out = t[[KEY, *columns]].rename(columns={"age": "age_years", "max_max_wall_thickness": "wall_thickness"})
    return out.round(6).assign(outcome=flag(t["stroke"]))


def attributes_stroke(t: Table) -> Table:
    """Sex and age band."""
    return pd.DataFrame({"gender": named(t["male"], {1: "male", 0: "female"}), "age-band": age_band(t["age"])})


def clean_churn(raw: Table) -> Table:
    """Drops the four charge columns: each is a fixed multiple of its minutes."""
    return raw.drop(columns=[c for c in raw.columns if c.endswith("_charge")])


def featurize_churn(t: Table) -> Table:
    """Use, plans and service calls; state and area code stay out of the features."""
    use = [c for c in t.columns if c.startswith("total_")]
    out = t[[KEY, "account_length", "number_vmail_messages", "number_customer_service_calls", *use]].rename(
        columns={"number_customer_service_calls": "service_calls", "number_vmail_messages": "voicemail_messages"}
    )
    return out.assign(
        international_plan=flag(t["international_plan"]),
        voicemail_plan=flag(t["voice_mail_plan"]),
        outcome=flag(t["churn"]),
    )


def attributes_churn(t: Table) -> Table:
    """Census region of the state."""
    return pd.DataFrame({"geography": named(t["state"], dict(CENSUS_REGION))})


PIMA = Source(
    "pima", (("MASS", "Pima.tr"), ("MASS", "Pima.te")), clean_pima, featurize_pima, attributes_pima,
    {"training": 0.4, "evaluation": 0.6},
)  # fmt: skip
FLCHAIN = Source(
    "flchain", (("survival", "flchain"),), clean_flchain, featurize_flchain, attributes_flchain,
    {"training": 0.4, "evaluation": 0.5, "operation": 0.1},
)  # fmt: skip
STROKE = Source(
    "stroke", (("modeldata", "ischemic_stroke"),), clean_stroke, featurize_stroke, attributes_stroke,
    {"training": 0.5, "evaluation": 0.5},
)  # fmt: skip
CHURN = Source(
    "churn", (("modeldata", "mlc_churn"),), clean_churn, featurize_churn, attributes_churn,
    {"training": 0.5, "evaluation": 0.4, "operation": 0.1},
)  # fmt: skip
