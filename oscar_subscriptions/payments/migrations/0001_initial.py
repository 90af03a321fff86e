import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    # "__first__": a leaf of Oscar's would not exist in a shop that forked the app, nor in another
    # version of Oscar.

    initial = True

    dependencies = [
        ("order", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reference",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="Reference"
                    ),
                ),
                ("amount", models.PositiveBigIntegerField(verbose_name="Amount in minor units")),
                ("currency", models.CharField(max_length=12, verbose_name="Currency")),
                ("livemode", models.BooleanField(default=False, verbose_name="Live mode")),
                (
                    "session_id",
                    models.CharField(
                        blank=True, max_length=255, null=True, unique=True, verbose_name="Session"
                    ),
                ),
                (
                    "payment_intent_id",
                    models.CharField(blank=True, max_length=255, verbose_name="Payment"),
                ),
                (
                    "charge_id",
                    models.CharField(
                        blank=True, max_length=255, verbose_name="Charge at the provider"
                    ),
                ),
                ("url", models.TextField(blank=True, verbose_name="Hosted page")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("paid", "Paid"),
                            ("refused", "Refused"),
                            ("expired", "Expired"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="open",
                        max_length=16,
                        verbose_name="Status",
                    ),
                ),
                ("problem", models.CharField(blank=True, max_length=255, verbose_name="Problem")),
                (
                    "due_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="To reconcile since"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Created")),
                (
                    "reconciled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="Last reconciled"),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscription_attempts",
                        to="order.order",
                        verbose_name="Order",
                    ),
                ),
            ],
            options={
                "verbose_name": "Payment attempt",
                "verbose_name_plural": "Payment attempts",
                "ordering": ["pk"],
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("status", "open"), ("due_at__isnull", False), _connector="OR"
                        ),
                        fields=["id"],
                        name="oscar_subs_attempt_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "open")),
                        fields=("order",),
                        name="oscar_subscriptions_one_open_attempt",
                    )
                ],
            },
        ),
    ]
