"""PyPI ccxt: Kraken over REST and over its socket."""

import asyncio
import sys

import ccxt
import ccxt.pro

base, key, secret = sys.argv[1:4]
ws = base.replace("http", "ws", 1)


def at(kind):
    exchange = kind({"apiKey": key, "secret": secret, "enableRateLimit": False})
    exchange.urls["api"].update({"public": base, "private": base})
    if "ws" in exchange.urls["api"]:
        exchange.urls["api"]["ws"].update({
            "public": ws + "/ws/v2", "private": ws + "/ws-auth/v2",
            "publicV2": ws + "/ws/v2", "privateV2": ws + "/ws-auth/v2"})
    return exchange


def rest() -> None:
    kraken = at(ccxt.kraken)
    print("markets", sorted(kraken.load_markets()))
    ticker = kraken.fetch_ticker("BTC/USD")
    print("ticker", ticker["bid"], ticker["ask"])
    assert 0 < ticker["bid"] < ticker["ask"]
    print("balance", kraken.fetch_balance()["total"])
    placed = kraken.create_order("BTC/USD", "limit", "buy", 0.01, 10000)
    print("placed", placed["id"])
    assert placed["id"] in [one["id"] for one in kraken.fetch_open_orders("BTC/USD")]
    kraken.edit_order(placed["id"], "BTC/USD", "limit", "buy", 0.01, 10001)
    assert kraken.fetch_order(placed["id"])["price"] == 10001
    kraken.cancel_order(placed["id"])
    print("then", kraken.fetch_order(placed["id"])["status"])
    assert kraken.fetch_order(placed["id"])["status"] == "canceled"


async def sockets() -> None:
    kraken = at(ccxt.pro.kraken)
    try:
        ticker = await asyncio.wait_for(kraken.watch_ticker("BTC/USD"), 15)
        print("streamed", ticker["bid"], ticker["ask"])
        placed = await asyncio.wait_for(kraken.create_order_ws("BTC/USD", "limit", "buy", 0.01, 10000), 15)
        print("placed", placed["id"])
        await asyncio.wait_for(kraken.cancel_order_ws(placed["id"]), 15)
    finally:
        await kraken.close()


print("ccxt", ccxt.__version__)
rest()
asyncio.run(sockets())
print("all well")
