import time, collections, cProfile, pstats
from datetime import date
from tests.unit.test_simulated_shop import _only_days
from tests.simulation import shop as S
from oscar_subscriptions import listings
from django.db import connection
def test_x(shop,time_machine):
    w=S.SimulatedShop(shop,time_machine,seed=3,members=200,first=date(2016,2,28),days=1200)
    for d in range(1100): w.live()
    print(len(connection.run_on_commit))
    p=cProfile.Profile(); p.enable()
    for d in range(100): w.live()
    p.disable()
    pstats.Stats(p).sort_stats("tottime").print_stats(14)
    pstats.Stats(p).sort_stats("cumtime").print_stats("oscar_subscriptions|simulation|savepoint",50)
    q,params=listings.to_park().query.sql_with_params()
    with connection.cursor() as c:
        c.execute("EXPLAIN QUERY PLAN "+q, params)
        for r in c.fetchall(): print(r)
        t=time.process_time()
        for _ in range(20): c.execute(q,params); c.fetchall()
        print("to_park sql ms",(time.process_time()-t)/20*1e3)
        c.execute("ANALYZE")
        c.execute("EXPLAIN QUERY PLAN "+q, params)
        for r in c.fetchall(): print(r)
        t=time.process_time()
        for _ in range(20): c.execute(q,params); c.fetchall()
        print("to_park sql ms",(time.process_time()-t)/20*1e3)
