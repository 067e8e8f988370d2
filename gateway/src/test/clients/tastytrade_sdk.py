"""PyPI tastytrade: session, customer, accounts, quotes by type and streamed, an order's whole life."""

import asyncio
import sys
from decimal import Decimal

import tastytrade
import tastytrade.session
from tastytrade import Account, DXLinkStreamer, Session
from tastytrade.dxfeed import Quote
from tastytrade.instruments import Cryptocurrency, Future
from tastytrade.market_data import get_market_data_by_type
from tastytrade.order import InstrumentType, Leg, LimitOrder, MarketOrder, OrderAction

base, secret, refresh_token, contract = sys.argv[1:5]
tastytrade.session.API_URL = base


def order(price: str) -> LimitOrder:
    leg = Leg(instrument_type=InstrumentType.EQUITY, symbol="AAPL", action=OrderAction.BUY_TO_OPEN, quantity=Decimal(1))
    return LimitOrder(legs=[leg], price=Decimal(price), external_identifier=f"sdk-{price}")


async def streamed(session: Session) -> None:
    future = (await Future.get(session, [contract]))[0].streamer_symbol
    crypto = (await Cryptocurrency.get(session, ["BTC/USD"]))[0].streamer_symbol
    wanted = {"SPX", "XSP", "AAPL", ".AAPL261219C200", future, crypto}
    async with DXLinkStreamer(session) as streamer:
        await streamer.subscribe(Quote, wanted)
        seen: dict[str, Quote] = {}
        async for quote in streamer.listen(Quote):
            seen[quote.event_symbol] = quote
            if wanted <= seen.keys():
                break
        for symbol, quote in sorted(seen.items()):
            print("streamed", symbol, quote.bid_price, quote.ask_price)
            assert 0 < quote.bid_price < quote.ask_price, quote


async def main() -> None:
    async with Session(secret, refresh_token) as session:
        print("customer", (await session.get_customer()).email)
        account = (await Account.get(session))[0]
        print("account", account.account_number, (await account.get_trading_status(session)).options_level)
        items = await get_market_data_by_type(
            session, cryptocurrencies=["BTC/USD"], equities=["AAPL"], futures=[contract], indices=["SPX"],
            options=["AAPL  261219C00200000"])
        print("by type", {item.symbol: str(item.mark) for item in items})
        assert len(items) == 5
        await asyncio.wait_for(streamed(session), 20)

        dry = await account.place_order(session, order("-1.00"), dry_run=True)
        print("rehearsed", dry.order.status, dry.buying_power_effect.impact)
        placed = (await account.place_order(session, order("-1.01"), dry_run=False)).order
        print("placed", placed.id, placed.status)
        replaced = await account.replace_order(session, placed.id, order("-1.02"))
        print("replaced", replaced.id, "replaces", replaced.replaces_order_id, replaced.price)
        assert replaced.replaces_order_id == placed.id
        live = {one.id: one for one in await account.get_live_orders(session)}
        print("live", {i: str(one.status) for i, one in live.items()})
        assert replaced.id in live and not live[placed.id].cancellable
        await account.delete_order(session, replaced.id)
        assert (await account.get_order(session, replaced.id)).status == "Cancelled"
        market = MarketOrder(legs=order("-1").legs)
        bought = (await account.place_order(session, market, dry_run=False)).order
        for _ in range(100):
            if (await account.get_order(session, bought.id)).status == "Filled":
                break
            await asyncio.sleep(0.1)
        done = await account.get_order(session, bought.id)
        print("filled at", done.average_fill_price())
        positions = await account.get_positions(session)
        print("positions", [(one.symbol, str(one.quantity), one.quantity_direction) for one in positions])
        assert [one.symbol for one in positions] == ["AAPL"]
        print("balances", (await account.get_balances(session)).cash_balance)
        print("history", len(await account.get_order_history(session)))


print("tastytrade", tastytrade.VERSION)
asyncio.run(main())
print("all well")
