"""Preparation of the three files about lending."""

from __future__ import annotations

import numpy as np
import pandas as pd

from worked.sources import KEY, Source, Table, age_band, flag, named

CREDIT_REQUIRED = ["Home", "Marital", "Job"]


def clean_credit(raw: Table) -> Table:
    """Drops rows without home, marital status or job; an income or asset of 0 stays as recorded."""
    return raw.dropna(subset=CREDIT_REQUIRED).reset_index(drop=True)


def featurize_credit(t: Table) -> Table:
    """Loan, income and history as numbers. Age, marital status and home are computed too; versions choose."""
    instalment = t["Amount"] / t["Time"]
    return pd.DataFrame(
        {
            KEY: t[KEY],
            "seniority_years": t["Seniority"],
            "term_months": t["Time"],
            "prior_default": flag(t["Records"]),
            "job_fixed": flag(t["Job"], "fixed"),
            "job_freelance": flag(t["Job"], "freelance"),
            "job_part_time": flag(t["Job"], "partime"),
            "expenses": t["Expenses"],
            "income": t["Income"],
            "income_missing": t["Income"].isna().astype(int),
            "log_assets": np.log1p(t["Assets"]).round(6),
            "log_debt": np.log1p(t["Debt"]).round(6),
            "financed_share": (t["Amount"] / t["Price"]).round(6),
            "instalment_to_income": (instalment / t["Income"]).round(6),
            "savings_capacity": ((t["Income"] - t["Expenses"]) / instalment).round(6),
            "age_years": t["Age"],
            "married": flag(t["Marital"], "married"),
            "home_owner": flag(t["Home"], "owner"),
            "home_rent": flag(t["Home"], "rent"),
            "outcome": flag(t["Status"], "good"),
        }
    )


def attributes_credit(t: Table) -> Table:
    """Age band, and marital status in the groups of Regulation B: married, separated, unmarried."""
    unmarried = dict.fromkeys(("single", "divorced", "widow"), "unmarried")
    marital = {"married": "married", "separated": "separated", **unmarried}
    return pd.DataFrame(
        {
            "age-band": age_band(t["Age"]),
            "marital-status": named(t["Marital"], marital),
        }
    )


def clean_hmda(raw: Table) -> Table:
    """Drops rows whose payment or loan ratio cannot be right: a payment above the income, a loan above 1.5 prices."""
    return raw[(raw["pirat"] <= 1) & (raw["lvrat"] <= 1.5) & (raw["pirat"] > 0)].reset_index(drop=True)


def featurize_hmda(t: Table) -> Table:
    """Ratios and histories as numbers. Race and marital status are computed too; versions choose."""
    return pd.DataFrame(
        {
            KEY: t[KEY],
            "payment_to_income": t["pirat"],
            "housing_to_income": t["hirat"],
            "loan_to_value": t["lvrat"],
            "consumer_credit_score": t["chist"].astype(int),
            "mortgage_credit_score": t["mhist"].astype(int),
            "public_bad_credit": flag(t["phist"]),
            "industry_unemployment": t["unemp"],
            "self_employed": flag(t["selfemp"]),
            "insurance_denied": flag(t["insurance"]),
            "condominium": flag(t["condomin"]),
            "high_school": flag(t["hschool"]),
            "single": flag(t["single"]),
            "african_american": flag(t["afam"]),
            "outcome": 1 - flag(t["deny"]),
        }
    )


def attributes_hmda(t: Table) -> Table:
    """Race as the loan officer recorded it, and marital status. The file has neither sex, age nor address."""
    return pd.DataFrame(
        {
            "race": named(t["afam"], {"yes": "black", "no": "white"}),
            "marital-status": named(t["single"], {"yes": "single", "no": "married"}),
        }
    )


def clean_loanapp(raw: Table) -> Table:
    """Drops withdrawn sentinels: a term of 999999 months, missing guideline or dependants, a loan above 1.5 prices."""
    kept = raw[(raw["term"] < 1000) & (raw["loanprc"] <= 1.5) & (raw["gdlin"] <= 1)]
    return kept.dropna(subset=["dep", "married", "unit"]).reset_index(drop=True)


def featurize_loanapp(t: Table) -> Table:
    """What the loan file says about burden, history and property. Tract and person columns are there for comparison."""
    return pd.DataFrame(
        {
            KEY: t[KEY],
            "housing_share": t["hrat"],
            "obligation_share": t["obrat"],
            "loan_to_price": t["loanprc"].round(6),
            "meets_guidelines": t["gdlin"].astype(int),
            "no_bankruptcy": 1 - t["pubrec"].astype(int),
            "mortgage_history": t["mortg"].astype(int),
            "consumer_history": t["cons"].astype(int),
            "unverifiable": t["unver"].astype(int),
            "cosigner": t["cosign"].astype(int),
            "self_employed": t["self"].astype(int),
            "industry_unemployment": t["unem"].round(6),
            "multi_family": t["multi"].fillna(0).astype(int),
            "log_income": np.log1p(t["atotinc"]).round(6),
            "dependants": t["dep"].astype(int),
            "married": t["married"].astype(int),
            "tract_income_high": t["mi"].astype(int),
            "tract_vacancy_high": t["vr"].astype(int),
            "tract_boarded_high": t["bd"].astype(int),
            "outcome": t["approve"].astype(int),
        }
    )


def attributes_loanapp(t: Table) -> Table:
    """Sex, race, marital status, age against the area's median, and the county."""
    race = np.where(t["black"] == 1, "black", np.where(t["hispan"] == 1, "hispanic", "white"))
    return pd.DataFrame(
        {
            "gender": named(t["male"], {1: "male", 0: "female"}),
            "race": pd.Series(race, dtype=object),
            "marital-status": named(t["married"], {1: "married", 0: "single"}),
            "age-relative": named(t["old"], {1: "above-area-median", 0: "up-to-area-median"}),
            "geography": named(t["suffolk"], {1: "suffolk-county", 0: "rest-of-boston-area"}),
        }
    )


CREDIT = Source(
    "credit", (("modeldata", "credit_data"),), clean_credit, featurize_credit, attributes_credit,
    {"training": 0.45, "evaluation": 0.42, "operation": 0.13},
)  # fmt: skip
HMDA = Source(
    "hmda", (("AER", "HMDA"),), clean_hmda, featurize_hmda, attributes_hmda,
    {"training": 0.40, "operation": 0.05, "evaluation": 0.55},
)  # fmt: skip
LOANAPP = Source(
    "loanapp", (("wooldridge", "loanapp"),), clean_loanapp, featurize_loanapp, attributes_loanapp,
    {"training": 0.45, "evaluation": 0.55},
)  # fmt: skip
