"""Lives of members: what happens on which day, and what is true then. Every date was worked out by
hand, with a calendar; ``tests.living`` plays them.

One line is one day in the shop's timezone::

    2017-02-03 buy                -> 2017-02-03..2018-02-03
    2018-02-03 active                2017-02-03..2018-02-03

The first kind is an event; behind the arrow are the days of the term that it gives, or "refused".
The second is a question, asked in the first and in the last second of the day (only in the last if
something happened that day): the state, as ``dashboard.states`` names it; the first day of the term
that the state is about; and the last day, for an active one that of all terms that follow without
a gap. The third column of a question may be missing: there is no term then.

Events: ``order`` and ``pay`` (the order of before), ``buy`` (both), ``refund N``, ``refund-fails
N``, ``dispute N``, ``won N``, ``lost N`` (N: the number of the term, in the order in which they
were given), ``grant`` (a year), ``grant DAYS``, ``extend DAYS``, ``goodwill DAYS``, ``undo``,
``handover`` (to the other), ``change PLAN`` (when the present one has ended), ``edit FIELD VALUE``
(of the plan), ``block`` and ``unblock`` (the account). Further questions: ``seller yes|no`` and
``limit N``, how many services.

``@PLAN`` names another plan than "year", see ``PLANS``; ``other:`` another member than Ada.
"""

# Months, days of grace, how many services.
PLANS = {
    "year": (12, 0, None),
    "kind": (12, 10, None),
    "month": (1, 0, None),
    "half": (6, 0, None),
    "two": (24, 0, None),
    "small": (12, 0, 1),
    "large": (12, 0, 5),
}

LIVES = {
    # --- Buying ---------------------------------------------------------------------------------
    "a year runs from date to date, its last day included": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2017-02-03 active                  2017-02-03..2018-02-03
        2018-02-02 active                  2017-02-03..2018-02-03
        2018-02-03 active                  2017-02-03..2018-02-03
        2018-02-04 lapsed                  2017-02-03..2018-02-03
    """,
    "the year begins when the money is confirmed, not when it was ordered": """
        2017-02-03 order
        2017-02-03 unpaid
        2017-02-08 unpaid
        2017-02-09 pay                  -> 2017-02-09..2018-02-09
        2018-02-09 active                  2017-02-09..2018-02-09
        2018-02-10 lapsed                  2017-02-09..2018-02-09
    """,
    "renewing eight months early loses no day": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2017-06-01 buy                  -> 2018-02-04..2019-02-03
        2018-02-03 active                  2017-02-03..2019-02-03
        2018-02-04 active                  2018-02-04..2019-02-03
        2019-02-03 active                  2018-02-04..2019-02-03
        2019-02-04 lapsed                  2018-02-04..2019-02-03
    """,
    "three years bought in one afternoon follow each other": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2017-02-03 buy                  -> 2018-02-04..2019-02-03
        2017-02-03 buy                  -> 2019-02-04..2020-02-03
        2017-02-03 active                  2017-02-03..2020-02-03
        2019-12-31 active                  2019-02-04..2020-02-03
        2020-02-04 lapsed                  2019-02-04..2020-02-03
    """,
    "renewing on the last day continues the chain": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2018-02-03 buy                  -> 2018-02-04..2019-02-03
        2018-02-04 active                  2018-02-04..2019-02-03
    """,
    "without grace the day after the last begins a new chain, which has its own first day": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2018-02-04 buy                  -> 2018-02-04..2019-02-04
        2019-02-04 active                  2018-02-04..2019-02-04
        2019-02-04 buy                  -> 2019-02-05..2020-02-04
    """,
    "who comes back after two years begins on that day": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2019-05-19 lapsed                  2017-02-03..2018-02-03
        2019-05-20 buy                  -> 2019-05-20..2020-05-20
        2020-05-20 active                  2019-05-20..2020-05-20
        2020-05-21 lapsed                  2019-05-20..2020-05-20
    """,
    # --- Grace ----------------------------------------------------------------------------------
    "ten days of grace are ten days, and a renewal on the last of them continues": """
        2017-02-03 buy @kind            -> 2017-02-03..2018-02-03
        2018-02-03 active @kind            2017-02-03..2018-02-03
        2018-02-04 grace @kind             2017-02-03..2018-02-03
        2018-02-13 grace @kind             2017-02-03..2018-02-03
        2018-02-13 buy @kind            -> 2018-02-04..2019-02-03
        2018-02-13 active @kind            2018-02-04..2019-02-03
    """,
    "after the grace nobody pays for the days without access": """
        2017-02-03 buy @kind            -> 2017-02-03..2018-02-03
        2018-02-14 lapsed @kind            2017-02-03..2018-02-03
        2018-02-14 buy @kind            -> 2018-02-14..2019-02-14
        2018-02-14 active @kind            2018-02-14..2019-02-14
    """,
    "grace runs over 29 February (24 + 10 days: 5 March)": """
        2023-02-24 buy @kind            -> 2023-02-24..2024-02-24
        2024-02-29 grace @kind             2023-02-24..2024-02-24
        2024-03-05 grace @kind             2023-02-24..2024-02-24
        2024-03-06 lapsed @kind            2023-02-24..2024-02-24
    """,
    "grace that the plan gets later is not for the year that was bought without": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2017-06-01 edit grace_days 10
        2018-02-04 lapsed                  2017-02-03..2018-02-03
        2018-02-04 buy                  -> 2018-02-04..2019-02-04
        2019-02-05 grace                   2018-02-04..2019-02-04
        2019-02-14 grace                   2018-02-04..2019-02-04
        2019-02-15 lapsed                  2018-02-04..2019-02-04
    """,
    "grace that the plan loses later stays with the year that was bought with it": """
        2017-02-03 buy @kind            -> 2017-02-03..2018-02-03
        2017-06-01 edit grace_days 0 @kind
        2018-02-13 grace @kind             2017-02-03..2018-02-03
        2018-02-13 buy @kind            -> 2018-02-04..2019-02-03
        2019-02-04 lapsed @kind            2018-02-04..2019-02-03
    """,
    "a gift without grace does not cut the grace of the year before it": """
        2017-02-03 buy @kind            -> 2017-02-03..2018-02-03
        2017-06-01 edit grace_days 0 @kind
        2018-01-01 extend 1 @kind       -> 2018-02-04..2018-02-04
        2018-02-04 active @kind            2018-02-04..2018-02-04
        2018-02-05 grace @kind             2017-02-03..2018-02-03
        2018-02-13 grace @kind             2017-02-03..2018-02-03
        2018-02-13 buy @kind            -> 2018-02-05..2019-02-04
    """,
    # --- Leap days and ends of months -----------------------------------------------------------
    "a chain from 29 February is on the 28th, and on the 29th again in the leap year": """
        2024-02-29 buy                  -> 2024-02-29..2025-02-28
        2025-02-28 buy                  -> 2025-03-01..2026-02-28
        2026-02-10 buy                  -> 2026-03-01..2027-02-28
        2027-02-01 buy                  -> 2027-03-01..2028-02-29
        2028-02-29 active                  2027-03-01..2028-02-29
        2028-03-01 lapsed                  2027-03-01..2028-02-29
    """,
    "from 29 February without renewing: 28 February is the last day, 1 March is one too late": """
        2024-02-29 buy                  -> 2024-02-29..2025-02-28
        2025-02-28 active                  2024-02-29..2025-02-28
        2025-03-01 lapsed                  2024-02-29..2025-02-28
        2025-03-01 buy                  -> 2025-03-01..2026-03-01
    """,
    "a year that ends the day before a leap day does not get it": """
        2023-02-28 buy                  -> 2023-02-28..2024-02-28
        2024-02-28 active                  2023-02-28..2024-02-28
        2024-02-29 lapsed                  2023-02-28..2024-02-28
        2024-02-29 buy                  -> 2024-02-29..2025-02-28
    """,
    "a year around a leap day is no day shorter by date": """
        2023-03-01 buy                  -> 2023-03-01..2024-03-01
        2024-02-29 active                  2023-03-01..2024-03-01
        2024-03-01 active                  2023-03-01..2024-03-01
        2024-03-02 lapsed                  2023-03-01..2024-03-01
    """,
    "1900 and 2100 are no leap years: two years at a time across 2100": """
        2096-02-29 buy @two             -> 2096-02-29..2098-02-28
        2098-02-28 buy @two             -> 2098-03-01..2100-02-28
        2100-02-28 buy @two             -> 2100-03-01..2102-02-28
        2102-02-28 buy @two             -> 2102-03-01..2104-02-29
        2104-02-29 active @two             2102-03-01..2104-02-29
        2104-03-01 lapsed @two             2102-03-01..2104-02-29
    """,
    "months from 31 January end on the last of each month": """
        2023-01-31 buy @month           -> 2023-01-31..2023-02-28
        2023-02-10 buy @month           -> 2023-03-01..2023-03-31
        2023-02-10 buy @month           -> 2023-04-01..2023-04-30
        2023-04-30 buy @month           -> 2023-05-01..2023-05-31
        2023-05-31 active @month           2023-05-01..2023-05-31
        2023-06-01 lapsed @month           2023-05-01..2023-05-31
    """,
    "months from 30 January of a leap year: 29 February, then the 30th again": """
        2024-01-30 buy @month           -> 2024-01-30..2024-02-29
        2024-02-29 buy @month           -> 2024-03-01..2024-03-30
        2024-03-30 buy @month           -> 2024-03-31..2024-04-30
        2024-04-30 buy @month           -> 2024-05-01..2024-05-30
    """,
    "a month from 30 April ends on 30 May, not on the 31st": """
        2023-04-30 buy @month           -> 2023-04-30..2023-05-30
        2023-05-30 active @month           2023-04-30..2023-05-30
        2023-05-31 lapsed @month           2023-04-30..2023-05-30
    """,
    "half a year from 31 August ends in February, and the next one on the 31st again": """
        2023-08-31 buy @half            -> 2023-08-31..2024-02-29
        2024-02-29 buy @half            -> 2024-03-01..2024-08-31
        2024-08-31 active @half            2024-03-01..2024-08-31
        2024-09-01 lapsed @half            2024-03-01..2024-08-31
    """,
    "New Year's Eve to New Year's Eve": """
        2023-12-31 buy                  -> 2023-12-31..2024-12-31
        2024-12-31 buy                  -> 2025-01-01..2025-12-31
        2025-12-31 active                  2025-01-01..2025-12-31
        2026-01-01 lapsed                  2025-01-01..2025-12-31
    """,
    "two years are sold at once": """
        2022-02-28 buy @two             -> 2022-02-28..2024-02-28
        2024-02-28 active @two             2022-02-28..2024-02-28
        2024-02-29 lapsed @two             2022-02-28..2024-02-28
    """,
    # --- Days on which the clocks change, in each of the three timezones --------------------------
    "the last day is the spring change in Europe": """
        2017-03-25 buy                  -> 2017-03-25..2018-03-25
        2018-03-25 active                  2017-03-25..2018-03-25
        2018-03-26 lapsed                  2017-03-25..2018-03-25
    """,
    "the last day is the autumn change in Europe": """
        2017-10-28 buy                  -> 2017-10-28..2018-10-28
        2018-10-28 active                  2017-10-28..2018-10-28
        2018-10-29 lapsed                  2017-10-28..2018-10-28
    """,
    "the last day is the autumn change in New Zealand": """
        2017-04-01 buy                  -> 2017-04-01..2018-04-01
        2018-04-01 active                  2017-04-01..2018-04-01
        2018-04-02 lapsed                  2017-04-01..2018-04-01
    """,
    "the last day is the spring change in New Zealand": """
        2017-09-30 buy                  -> 2017-09-30..2018-09-30
        2018-09-30 active                  2017-09-30..2018-09-30
        2018-10-01 lapsed                  2017-09-30..2018-09-30
    """,
    "the last day is the spring change in America": """
        2017-03-11 buy                  -> 2017-03-11..2018-03-11
        2018-03-11 active                  2017-03-11..2018-03-11
        2018-03-12 lapsed                  2017-03-11..2018-03-11
    """,
    "the last day is the autumn change in America, and the year is bought on one too": """
        2017-11-05 buy @kind            -> 2017-11-05..2018-11-05
        2018-11-04 active @kind            2017-11-05..2018-11-05
        2018-11-05 active @kind            2017-11-05..2018-11-05
        2018-11-15 grace @kind             2017-11-05..2018-11-05
        2018-11-16 lapsed @kind            2017-11-05..2018-11-05
    """,
    # --- Refunds --------------------------------------------------------------------------------
    "a refund ends the year at once, and who buys again begins that day": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2017-03-01 refund 1
        2017-03-01 revoked                 2017-02-03..2018-02-03
        2017-03-02 buy                  -> 2017-03-02..2018-03-02
        2018-03-02 active                  2017-03-02..2018-03-02
    """,
    "a refund that fails gives back the days of before": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2017-03-01 refund 1
        2017-03-09 revoked                 2017-02-03..2018-02-03
        2017-03-10 refund-fails 1
        2017-03-10 active                  2017-02-03..2018-02-03
        2018-02-04 lapsed                  2017-02-03..2018-02-03
    """,
    "a refund that fails when its days were sold again changes nothing": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2017-03-01 refund 1
        2017-03-02 buy                  -> 2017-03-02..2018-03-02
        2017-03-10 refund-fails 1
        2017-03-10 active                  2017-03-02..2018-03-02
        2017-04-01 refund 2
        2017-04-02 refund-fails 1
        2017-04-02 active                  2017-02-03..2018-02-03
    """,
    "the renewal is refunded: the first year stays what it was": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2017-06-01 buy                  -> 2018-02-04..2019-02-03
        2017-07-01 refund 2
        2017-07-01 active                  2017-02-03..2018-02-03
        2018-02-04 lapsed                  2017-02-03..2018-02-03
    """,
    "the first year is charged back while the renewal runs: only it is touched": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2018-01-15 buy                  -> 2018-02-04..2019-02-03
        2018-06-01 refund 1
        2018-06-01 active                  2018-02-04..2019-02-03
        2019-02-04 lapsed                  2018-02-04..2019-02-03
    """,
    "the running year is refunded: the next one waits for its day, and a third follows it": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2017-06-01 buy                  -> 2018-02-04..2019-02-03
        2017-07-01 refund 1
        2017-07-01 upcoming                2018-02-04..2019-02-03
        2017-07-01 seller no
        2017-08-01 buy                  -> 2019-02-04..2020-02-03
        2018-02-03 upcoming                2018-02-04..2019-02-03
        2018-02-04 active                  2018-02-04..2020-02-03
    """,
    "the second of three years is refunded, and the refund fails a year later": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2017-03-01 buy                  -> 2018-02-04..2019-02-03
        2017-04-01 buy                  -> 2019-02-04..2020-02-03
        2017-05-01 refund 2
        2017-05-01 active                  2017-02-03..2018-02-03
        2018-02-04 upcoming                2019-02-04..2020-02-03
        2018-06-01 refund-fails 2
        2018-06-01 active                  2018-02-04..2020-02-03
        2020-02-04 lapsed                  2019-02-04..2020-02-03
    """,
    "an old year is charged back after a lapse: the new one goes on": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2018-02-10 buy                  -> 2018-02-10..2019-02-10
        2018-03-01 refund 1
        2018-03-01 active                  2018-02-10..2019-02-10
    """,
    "the renewal is refunded and bought again: the chain keeps its first day": """
        2020-02-29 buy                  -> 2020-02-29..2021-02-28
        2020-06-01 buy                  -> 2021-03-01..2022-02-28
        2020-07-01 refund 2
        2020-08-01 buy                  -> 2021-03-01..2022-02-28
        2022-02-28 active                  2021-03-01..2022-02-28
    """,
    # --- Disputes -------------------------------------------------------------------------------
    "a dispute freezes the year, and won it has its last day of before": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2017-03-01 dispute 1
        2017-03-01 suspended               2017-02-03..2018-02-03
        2017-03-01 seller no
        2017-05-01 won 1
        2017-05-01 active                  2017-02-03..2018-02-03
        2018-02-04 lapsed                  2017-02-03..2018-02-03
    """,
    "a dispute that is lost takes the year; what is said later does not bring it back": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2017-03-01 dispute 1
        2017-05-01 lost 1
        2017-05-01 revoked                 2017-02-03..2018-02-03
        2017-05-02 won 1
        2017-05-02 revoked                 2017-02-03..2018-02-03
    """,
    "a dispute outlives the year": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2017-12-01 dispute 1
        2018-02-10 suspended               2017-02-03..2018-02-03
        2018-03-01 won 1
        2018-03-01 lapsed                  2017-02-03..2018-02-03
    """,
    "a renewal that was ordered before the dispute is paid during it, and waits for its day": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2017-12-01 order
        2017-12-02 dispute 1
        2017-12-03 pay                  -> 2018-02-04..2019-02-03
        2018-02-03 suspended               2017-02-03..2018-02-03
        2018-02-04 active                  2018-02-04..2019-02-03
    """,
    "nothing is given while a payment is disputed": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2017-03-01 dispute 1
        2017-03-02 extend 5             -> refused
        2017-03-02 grant                -> refused
        2017-03-02 handover             -> refused
        2017-03-02 suspended               2017-02-03..2018-02-03
    """,
    # --- What operators give --------------------------------------------------------------------
    "a year granted is a year like one that is bought": """
        2017-02-03 grant                -> 2017-02-03..2018-02-03
        2018-02-03 active                  2017-02-03..2018-02-03
        2018-02-03 buy                  -> 2018-02-04..2019-02-03
    """,
    "ten days granted count the first and the last; the year after them is a whole year": """
        2017-02-03 grant 10             -> 2017-02-03..2017-02-12
        2017-02-12 active                  2017-02-03..2017-02-12
        2017-02-12 buy                  -> 2017-02-13..2018-02-12
        2018-02-13 lapsed                  2017-02-13..2018-02-12
    """,
    "one day granted ends on the day it begins": """
        2024-02-29 grant 1              -> 2024-02-29..2024-02-29
        2024-02-29 active                  2024-02-29..2024-02-29
        2024-03-01 lapsed                  2024-02-29..2024-02-29
    """,
    "five days more, and the next year is a whole year": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2017-12-01 extend 5             -> 2018-02-04..2018-02-08
        2018-01-01 buy                  -> 2018-02-09..2019-02-08
        2018-02-08 active                  2018-02-04..2019-02-08
        2019-02-09 lapsed                  2018-02-09..2019-02-08
    """,
    "an extension behind a renewal moves no day of it": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2017-06-01 buy                  -> 2018-02-04..2019-02-03
        2017-07-01 extend 28            -> 2019-02-04..2019-03-03
        2017-07-01 active                  2017-02-03..2019-03-03
        2019-03-03 buy                  -> 2019-03-04..2020-03-03
    """,
    "an extension to 29 February is a new first day, which comes back in leap years": """
        2023-02-20 buy                  -> 2023-02-20..2024-02-20
        2023-03-01 extend 9             -> 2024-02-21..2024-02-29
        2024-02-29 buy                  -> 2024-03-01..2025-02-28
        2025-02-28 buy                  -> 2025-03-01..2026-02-28
        2026-02-28 buy                  -> 2026-03-01..2027-02-28
        2027-02-28 buy                  -> 2027-03-01..2028-02-29
    """,
    "an extension in grace begins on the first day of grace and has its own": """
        2017-02-03 buy @kind            -> 2017-02-03..2018-02-03
        2018-02-10 extend 3 @kind       -> 2018-02-04..2018-02-06
        2018-02-16 grace @kind             2018-02-04..2018-02-06
        2018-02-17 lapsed @kind            2018-02-04..2018-02-06
    """,
    "nothing is extended that is over": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2018-02-04 extend 5             -> refused
        2018-02-04 lapsed                  2017-02-03..2018-02-03
    """,
    "goodwill days are given and taken back": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2017-06-01 goodwill 7           -> 2018-02-04..2018-02-10
        2017-06-01 active                  2017-02-03..2018-02-10
        2017-06-02 undo
        2017-06-02 active                  2017-02-03..2018-02-03
        2017-06-03 buy                  -> 2018-02-04..2019-02-03
    """,
    "goodwill days that a renewal follows stay: no gap opens in front of it": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2017-06-01 goodwill 7           -> 2018-02-04..2018-02-10
        2017-07-01 buy                  -> 2018-02-11..2019-02-10
        2017-08-01 undo
        2017-08-01 active                  2017-02-03..2019-02-10
        2018-02-05 active                  2018-02-04..2019-02-10
    """,
    "goodwill days that are over are not taken back": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2017-06-01 goodwill 7           -> 2018-02-04..2018-02-10
        2018-02-11 undo
        2018-02-11 lapsed                  2018-02-04..2018-02-10
    """,
    # --- Another account, another plan ----------------------------------------------------------
    "a handover moves the rest with its first day: 29 February comes back there": """
        2019-02-28 buy                  -> 2019-02-28..2020-02-28
        2019-03-01 refund 1
        2020-02-29 buy                  -> 2020-02-29..2021-02-28
        2020-12-24 handover             -> 2020-12-24..2021-02-28
        2020-12-24 revoked                 2020-02-29..2021-02-28
        2020-12-24 other: active           2020-12-24..2021-02-28
        2021-02-28 other: buy           -> 2021-03-01..2022-02-28
        2022-02-28 other: buy           -> 2022-03-01..2023-02-28
        2023-02-28 other: buy           -> 2023-03-01..2024-02-29
    """,
    # 1 to 31 December, 1 to 31 January, 1 to 3 February: 65 days; 30 in May, 30 in June, 5 in July.
    "a handover to somebody with a year of his own puts the 65 days that are left behind it": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2017-05-01 other: buy           -> 2017-05-01..2018-05-01
        2017-12-01 handover             -> 2018-05-02..2018-07-05
        2017-12-01 seller no
        2017-12-01 other: active           2017-05-01..2018-07-05
        2018-07-06 other: lapsed           2018-05-02..2018-07-05
    """,
    "nothing is left to hand over on the day after the last": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2018-02-03 handover             -> 2018-02-03..2018-02-03
        2018-02-03 other: active           2018-02-03..2018-02-03
        2018-02-04 handover             -> refused
        2018-02-04 other: lapsed           2018-02-03..2018-02-03
    """,
    "another plan when this one ends begins the day after, with a first day of its own": """
        2017-02-03 buy @small           -> 2017-02-03..2018-02-03
        2017-06-01 change large @small  -> 2018-02-04..2019-02-04
        2017-06-01 upcoming @large         2018-02-04..2019-02-04
        2018-02-03 limit 1
        2018-02-04 lapsed @small           2017-02-03..2018-02-03
        2018-02-04 active @large           2018-02-04..2019-02-04
        2018-02-04 limit 5
        2019-02-05 seller no
    """,
    "another plan at once: both run, and the larger limit counts while it does": """
        2017-02-03 buy @large           -> 2017-02-03..2018-02-03
        2017-06-01 buy @small           -> 2017-06-01..2018-06-01
        2017-06-01 active @large           2017-02-03..2018-02-03
        2018-02-03 limit 5
        2018-02-04 limit 1
        2018-02-04 lapsed @large           2017-02-03..2018-02-03
        2018-06-01 active @small           2017-06-01..2018-06-01
        2018-06-02 limit 0
    """,
    "a plan that was to begin later is bought once more: the days follow it": """
        2017-02-03 buy @small           -> 2017-02-03..2018-02-03
        2017-06-01 change large @small  -> 2018-02-04..2019-02-04
        2017-07-01 buy @large           -> 2019-02-05..2020-02-04
        2020-02-04 active @large           2019-02-05..2020-02-04
        2020-02-05 lapsed @large           2019-02-05..2020-02-04
    """,
    # --- The plan is edited ---------------------------------------------------------------------
    "a plan edited between order and payment: the order keeps its twelve months": """
        2017-02-03 order
        2017-02-04 edit months 6
        2017-02-05 pay                  -> 2017-02-05..2018-02-05
        2018-02-05 buy                  -> 2018-02-06..2018-08-05
    """,
    # From 31 January 2023: 12 months, 13, 25, 26.
    "a chain of different lengths is counted from its first day": """
        2023-01-31 buy                  -> 2023-01-31..2024-01-31
        2024-01-10 edit months 1
        2024-01-31 buy                  -> 2024-02-01..2024-02-29
        2024-02-01 edit months 12
        2024-02-29 buy                  -> 2024-03-01..2025-02-28
        2024-03-01 edit months 1
        2025-02-28 buy                  -> 2025-03-01..2025-03-31
    """,
    # --- The account ----------------------------------------------------------------------------
    "a blocked account is no seller, and its year goes on meanwhile": """
        2017-02-03 buy                  -> 2017-02-03..2018-02-03
        2017-03-01 block
        2017-03-01 active                  2017-02-03..2018-02-03
        2017-03-01 seller no
        2017-04-01 unblock
        2017-04-01 seller yes
        2018-02-04 lapsed                  2017-02-03..2018-02-03
    """,
}
