import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('order', '__first__'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('hosted', "On the provider's page"), ('off-session', 'Automatic')], default='hosted', max_length=16, verbose_name='Kind')),
                ('keeps_payment_method', models.BooleanField(default=False, verbose_name='Keeps the payment method')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='Reference')),
                ('amount', models.PositiveBigIntegerField(verbose_name='Amount in minor units')),
                ('currency', models.CharField(max_length=12, verbose_name='Currency')),
                ('livemode', models.BooleanField(default=False, verbose_name='Live mode')),
                ('session_id', models.CharField(blank=True, max_length=255, null=True, unique=True, verbose_name='Session')),
                ('payment_intent_id', models.CharField(blank=True, max_length=255, verbose_name='Payment')),
                ('charge_id', models.CharField(blank=True, max_length=255, verbose_name='Charge at the provider')),
                ('url', models.TextField(blank=True, verbose_name='Hosted page')),
                ('status', models.CharField(choices=[('open', 'Open'), ('paid', 'Paid'), ('refused', 'Refused'), ('expired', 'Expired'), ('cancelled', 'Cancelled')], default='open', max_length=16, verbose_name='Status')),
                ('problem', models.CharField(blank=True, max_length=255, verbose_name='Problem')),
                ('received', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='Received in minor units')),
                ('is_surplus', models.BooleanField(default=False, verbose_name='Second payment')),
                ('effect', models.CharField(blank=True, choices=[('suspended', 'Suspended'), ('revoked', 'Revoked')], max_length=16, verbose_name='Effect of reversals')),
                ('asked', models.PositiveIntegerField(default=0, verbose_name='Questions to the provider')),
                ('answered', models.PositiveIntegerField(default=0, verbose_name='Newest question answered')),
                ('is_followed_up', models.BooleanField(default=False, verbose_name='Followed up')),
                ('is_watched', models.BooleanField(default=True, verbose_name='Watched for refunds')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='Created')),
                ('reconciled_at', models.DateTimeField(blank=True, null=True, verbose_name='Last reconciled')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='subscription_attempts', to='order.order', verbose_name='Order')),
            ],
            options={
                'verbose_name': 'Payment attempt',
                'verbose_name_plural': 'Payment attempts',
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Reversal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider_id', models.CharField(max_length=255, unique=True, verbose_name='Id at the provider')),
                ('kind', models.CharField(choices=[('refund', 'Refund'), ('dispute', 'Dispute')], max_length=16, verbose_name='Kind')),
                ('status', models.CharField(max_length=64, verbose_name='Status')),
                ('amount', models.PositiveBigIntegerField(verbose_name='Amount in minor units')),
                ('currency', models.CharField(max_length=12, verbose_name='Currency')),
                ('is_money_gone', models.BooleanField(default=False, help_text='Whether the provider has taken the money from the shop and not given it back.', verbose_name='Money is gone')),
                ('reason', models.CharField(blank=True, max_length=255, verbose_name='Reason')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='Created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='Last changed')),
                ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='oscar_subscriptions_payments.attempt', verbose_name='Payment attempt')),
            ],
            options={
                'verbose_name': 'Reversal',
                'verbose_name_plural': 'Reversals',
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StoredPaymentMethod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('livemode', models.BooleanField(verbose_name='Live mode')),
                ('customer_id', models.CharField(max_length=255, verbose_name='Customer at the provider')),
                ('payment_method_id', models.CharField(blank=True, max_length=255, verbose_name='Payment method at the provider')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='Last changed')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Member')),
            ],
            options={
                'verbose_name': 'Stored payment method',
                'verbose_name_plural': 'Stored payment method',
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(condition=models.Q(('status', 'open'), ('asked__gt', models.F('answered')), _connector='OR'), fields=['id'], name='oscar_subs_attempt_open'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(condition=models.Q(('is_followed_up', False)), fields=['id'], name='oscar_subs_attempt_unfinished'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(condition=models.Q(('is_watched', True), ('status', 'paid')), fields=['reconciled_at', 'id'], name='oscar_subs_attempt_watched'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(fields=['payment_intent_id'], name='oscar_subs_attempt_intent'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(fields=['charge_id'], name='oscar_subs_attempt_charge'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('order',), name='oscar_subscriptions_one_open_attempt'),
        ),
        migrations.AddConstraint(
            model_name='storedpaymentmethod',
            constraint=models.UniqueConstraint(fields=('user', 'livemode'), name='oscar_subscriptions_one_payment_method'),
        ),
    ]
