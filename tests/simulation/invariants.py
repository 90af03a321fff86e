"""What holds on every day, asked in one statement of plain SQL.

The money is in a till of the test's own: the status of each order says what became of it.
"""

from datetime import date

from django.db import connection

CAPTURED, GIVEN_BACK, TAKEN, MOVED = "captured", "given back", "taken", "moved"

VALID = "t.revoked_at IS NULL AND t.suspended_at IS NULL"
BOUGHT = "oscar_subscriptions_term t JOIN order_line l ON l.id = t.order_line_id"

MONEY = f"""
    SELECT 'money without a term, a refund or an alert', o.id FROM order_order o
    WHERE o.status = '{CAPTURED}'
    AND (SELECT COUNT(*) FROM {BOUGHT} WHERE l.order_id = o.id AND {VALID}) <> 1
    AND NOT EXISTS (SELECT 1 FROM oscar_subscriptions_alert a
                    WHERE a.order_id = o.id AND a.resolved_at IS NULL)
    UNION ALL
    SELECT 'a term without money', t.id FROM {BOUGHT} JOIN order_order o ON o.id = l.order_id
    WHERE {VALID} AND o.status <> '{CAPTURED}'
    UNION ALL
    SELECT 'a gift without a name or a reason', t.id FROM oscar_subscriptions_term t
    WHERE t.order_line_id IS NULL AND (t.grant_reason = '' OR t.granted_by_name = '')
"""
DAYS = """
    SELECT 'two terms on the same day', t.id FROM oscar_subscriptions_term t
    JOIN oscar_subscriptions_term u ON u.subscription_id = t.subscription_id AND u.id > t.id
    WHERE t.revoked_at IS NULL AND u.revoked_at IS NULL
    AND t.starts_on <= u.ends_on AND u.starts_on <= t.ends_on
"""
SHELVES = f"""
    SELECT 'a service in the shop whose seller is none', p.id FROM oscar_subscriptions_seller s
    JOIN partner_stockrecord r ON r.partner_id = s.partner_id
    JOIN catalogue_product p ON p.id = r.product_id
    WHERE p.is_public AND NOT EXISTS (
        SELECT 1 FROM oscar_subscriptions_subscription b
        JOIN oscar_subscriptions_term t ON t.subscription_id = b.id
        JOIN auth_user m ON m.id = b.user_id
        WHERE b.user_id = s.user_id AND m.is_active AND {VALID}
        AND t.starts_on <= %s AND t.covered_until >= %s)
    UNION ALL
    SELECT 'parked, and in the shop', p.id FROM oscar_subscriptions_parkedlisting k
    JOIN catalogue_product p ON p.id = k.product_id WHERE p.is_public
"""


def violations(today: date, *, written: bool, swept: bool) -> list[tuple[str, int]]:
    """Return what does not hold, with the number of the row.

    Args:
        today: the day in the shop's timezone.
        written: something was written today; on another day money and terms are what they were.
        swept: the daily run has been; no lapsed seller has a service in the shop then.
    """
    parts = [MONEY, DAYS] if written else []
    params = [today, today] if swept else []
    statement = " UNION ALL ".join([*parts, SHELVES] if swept else parts)
    if not statement:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()
