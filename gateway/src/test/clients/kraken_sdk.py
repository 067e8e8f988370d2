"""PyPI python-kraken-sdk: REST, the private and the public socket."""

import asyncio
import sys
import time
from importlib.metadata import version

from kraken.spot import Market, SpotWSClient, Trade, User

base, key, secret = sys.argv[1:4]
ws = base.replace("http", "ws", 1)


def rest() -> None:
    print("ticker", Market(url=base).get_ticker(pair="XBTUSD"))
    trade, user = Trade(key=key, secret=secret, url=base), User(key=key, secret=secret, url=base)
    print("balance", user.get_account_balance())
    placed = trade.create_order(ordertype="limit", side="buy", pair="XBTUSD", volume="0.01", price="10000")
    txid = placed["txid"][0]
    print("placed", txid)
    print("amended", trade.amend_order(extra_params={"txid": txid, "limit_price": "10002"}))
    assert user.get_orders_info(txid=txid)[txid]["descr"]["price"] == "10002"
    print("positions", user.get_open_positions())
    assert txid in user.get_open_orders()["open"]
    print("cancelled", trade.cancel_order(txid=txid))
    assert user.get_orders_info(txid=txid)[txid]["status"] == "canceled"


async def sockets() -> None:
    heard: list[dict] = []

    async def on_message(message: dict) -> None:
        heard.append(message)

    async def until(what) -> dict:
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            for message in heard:
                if what(message):
                    return message
            await asyncio.sleep(0.05)
        raise AssertionError(f"never heard; last: {heard[-3:]}")

    client = SpotWSClient(key=key, secret=secret, rest_url=base, ws_url=ws + "/ws", auth_ws_url=ws + "/ws-auth",
                          callback=on_message)
    await client.start()
    try:
        await client.subscribe(params={"channel": "ticker", "symbol": ["BTC/USD"]})
        print("streamed", (await until(lambda m: m.get("channel") == "ticker"))["data"][0])
        await client.subscribe(params={"channel": "executions", "snap_orders": True})
        await until(lambda m: m.get("method") == "subscribe" and m.get("result", {}).get("channel") == "executions")
        await client.send_message({"method": "add_order", "params": {
            "order_type": "limit", "side": "buy", "symbol": "BTC/USD", "limit_price": 10000.0, "order_qty": 0.01}})
        added = await until(lambda m: m.get("method") == "add_order")
        assert added["success"], added
        order_id = added["result"]["order_id"]
        print("placed", order_id)
        await client.send_message({"method": "amend_order", "params": {"order_id": order_id, "limit_price": 10001.0}})
        assert (await until(lambda m: m.get("method") == "amend_order"))["success"]
        await client.send_message({"method": "cancel_order", "params": {"order_id": [order_id]}})
        assert (await until(lambda m: m.get("method") == "cancel_order"))["success"]
        told = await until(lambda m: m.get("channel") == "executions" and m["type"] == "update"
                           and m["data"][0]["exec_type"] == "canceled")
        print("told", told["data"][0]["order_status"])
    finally:
        await client.close()


print("python-kraken-sdk", version("python-kraken-sdk"))
rest()
asyncio.run(sockets())
print("all well")
