import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    # "__first__": a leaf of Oscar's would not exist in a shop that forked the app, nor in another
    # version of Oscar.

    initial = True

    dependencies = [
        ("catalogue", "__first__"),
        ("order", "__first__"),
        ("partner", "__first__"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "months",
                    models.PositiveSmallIntegerField(
                        default=12,
                        help_text="Length of a term in calendar months, date to date.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(120),
                        ],
                        verbose_name="Months",
                    ),
                ),
                (
                    "listing_limit",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="How many services a seller may have in the shop. Empty: no limit.",
                        null=True,
                        verbose_name="Listing limit",
                    ),
                ),
                (
                    "grace_days",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Days after the last day on which the member is still a seller.",
                        verbose_name="Days of grace",
                    ),
                ),
                ("is_on_sale", models.BooleanField(default=True, verbose_name="On sale")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Created")),
                (
                    "product",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscription_plan",
                        to="catalogue.product",
                        verbose_name="Product",
                    ),
                ),
            ],
            options={
                "verbose_name": "Plan",
                "verbose_name_plural": "Plans",
                "ordering": ["pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Seller",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Created")),
                (
                    "partner",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscription_seller",
                        to="partner.partner",
                        verbose_name="Partner",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="subscription_seller",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Member",
                    ),
                ),
            ],
            options={
                "verbose_name": "Seller",
                "verbose_name_plural": "Sellers",
                "ordering": ["pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ParkedListing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("parked_at", models.DateTimeField(auto_now_add=True, verbose_name="Parked")),
                (
                    "product",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subscription_parking",
                        to="catalogue.product",
                        verbose_name="Service",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parked_listings",
                        to="oscar_subscriptions.seller",
                        verbose_name="Seller",
                    ),
                ),
            ],
            options={
                "verbose_name": "Parked listing",
                "verbose_name_plural": "Parked listings",
                "ordering": ["pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "language",
                    models.CharField(blank=True, max_length=35, verbose_name="Language of e-mails"),
                ),
                (
                    "member_name",
                    models.CharField(blank=True, max_length=255, verbose_name="Member's name"),
                ),
                (
                    "member_email",
                    models.EmailField(blank=True, max_length=254, verbose_name="Member's e-mail"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Created")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="oscar_subscriptions.plan",
                        verbose_name="Plan",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="subscriptions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Member",
                    ),
                ),
            ],
            options={
                "verbose_name": "Subscription",
                "verbose_name_plural": "Subscriptions",
                "ordering": ["pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "granted_by_name",
                    models.CharField(blank=True, max_length=255, verbose_name="Granted by"),
                ),
                (
                    "grant_reason",
                    models.CharField(
                        blank=True, max_length=255, verbose_name="Reason of the grant"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="First day")),
                ("ends_on", models.DateField(verbose_name="Last day")),
                ("covered_until", models.DateField(verbose_name="Last day of grace")),
                ("anchor", models.DateField(verbose_name="Anchor")),
                ("plan_title", models.CharField(max_length=255, verbose_name="Plan")),
                ("months", models.PositiveSmallIntegerField(default=0, verbose_name="Months")),
                (
                    "listing_limit",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="Listing limit"
                    ),
                ),
                (
                    "grace_days",
                    models.PositiveSmallIntegerField(default=0, verbose_name="Days of grace"),
                ),
                (
                    "price",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=12,
                        null=True,
                        verbose_name="Price incl. tax",
                    ),
                ),
                ("currency", models.CharField(blank=True, max_length=12, verbose_name="Currency")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Created")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="Revoked")),
                (
                    "suspended_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="Suspended"),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Granted by",
                    ),
                ),
                (
                    "order_line",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscription_term",
                        to="order.line",
                        verbose_name="Order line",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        to="oscar_subscriptions.subscription",
                        verbose_name="Subscription",
                    ),
                ),
            ],
            options={
                "verbose_name": "Term",
                "verbose_name_plural": "Terms",
                "ordering": ["starts_on", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="When"),
                ),
                ("kind", models.CharField(max_length=64, verbose_name="What")),
                ("detail", models.JSONField(blank=True, default=dict, verbose_name="Detail")),
                ("reason", models.CharField(blank=True, max_length=255, verbose_name="Why")),
                ("actor_name", models.CharField(blank=True, max_length=255, verbose_name="Who")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Who",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="journal",
                        to="oscar_subscriptions.subscription",
                        verbose_name="Subscription",
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="journal",
                        to="oscar_subscriptions.term",
                        verbose_name="Term",
                    ),
                ),
            ],
            options={
                "verbose_name": "Journal entry",
                "verbose_name_plural": "Journal",
                "ordering": ["at", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TermsOfSale",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=35, verbose_name="Language")),
                ("version", models.CharField(max_length=64, verbose_name="Version")),
                ("text", models.TextField(verbose_name="Text")),
                (
                    "published_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="Published"
                    ),
                ),
            ],
            options={
                "verbose_name": "Terms of sale",
                "verbose_name_plural": "Terms of sale",
                "ordering": ["-published_at", "-pk"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("language", "version"), name="oscar_subscriptions_terms_version"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "accepted_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="Accepted"
                    ),
                ),
                ("months", models.PositiveSmallIntegerField(verbose_name="Months")),
                (
                    "listing_limit",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="Listing limit"
                    ),
                ),
                ("grace_days", models.PositiveSmallIntegerField(verbose_name="Days of grace")),
                ("starts_on", models.DateField(verbose_name="First day shown")),
                ("ends_on", models.DateField(verbose_name="Last day shown")),
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscription_consent",
                        to="order.order",
                        verbose_name="Order",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="oscar_subscriptions.plan",
                        verbose_name="Plan",
                    ),
                ),
                (
                    "terms_of_sale",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="oscar_subscriptions.termsofsale",
                        verbose_name="Terms of sale",
                    ),
                ),
            ],
            options={
                "verbose_name": "Consent",
                "verbose_name_plural": "Consents",
                "ordering": ["pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=64, verbose_name="Kind")),
                ("key", models.CharField(max_length=128, verbose_name="Key")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="Address")),
                ("language", models.CharField(blank=True, max_length=35, verbose_name="Language")),
                ("context", models.JSONField(blank=True, default=dict, verbose_name="Context")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Created")),
                (
                    "claimed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="Being sent since"),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="Sent")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="Tries")),
                (
                    "last_error",
                    models.CharField(blank=True, max_length=255, verbose_name="Last error"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Member",
                    ),
                ),
            ],
            options={
                "verbose_name": "Notification",
                "verbose_name_plural": "Notifications",
                "ordering": ["pk"],
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("sent_at__isnull", True)),
                        fields=["id"],
                        name="oscar_subs_notification_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "key"), name="oscar_subscriptions_notification_once"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                fields=("user", "plan"), name="oscar_subscriptions_one_per_user_and_plan"
            ),
        ),
        migrations.AddIndex(
            model_name="term",
            index=models.Index(
                fields=["subscription", "covered_until", "starts_on"], name="oscar_subs_term_covers"
            ),
        ),
        migrations.AddIndex(
            model_name="term",
            index=models.Index(fields=["covered_until"], name="oscar_subs_term_until"),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__gte", models.F("starts_on")),
                    ("covered_until__gte", models.F("ends_on")),
                ),
                name="oscar_subscriptions_term_days_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("order_line__isnull", False),
                    models.Q(("grant_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="oscar_subscriptions_term_paid_or_granted",
            ),
        ),
    ]
