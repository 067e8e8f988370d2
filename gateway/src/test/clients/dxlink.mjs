// npm @dxfeed/dxlink-feed and @dxfeed/dxlink-websocket-client: quotes in both formats.
import { readFileSync } from 'node:fs'
import { WebSocket } from 'ws'

globalThis.WebSocket ??= WebSocket
const { DXLinkWebSocketClient } = await import('@dxfeed/dxlink-websocket-client')
const { DXLinkFeed, FeedContract, FeedDataFormat } = await import('@dxfeed/dxlink-feed')
const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version
console.log('@dxfeed/dxlink-feed', version('@dxfeed/dxlink-feed'))
console.log('@dxfeed/dxlink-websocket-client', version('@dxfeed/dxlink-websocket-client'))

const [base, secret, refresh, future] = process.argv.slice(2)
const headers = { 'User-Agent': 'dxlink-clients', 'Content-Type': 'application/json' }
const granted = await (await fetch(`${base}/oauth/token`, {
  method: 'POST',
  headers,
  body: JSON.stringify({ grant_type: 'refresh_token', client_secret: secret, refresh_token: refresh }),
})).json()
headers.Authorization = `Bearer ${granted.access_token}`
const data = async (path) => (await (await fetch(base + path, { headers })).json()).data
const streamed = async (path, symbol) =>
  (await data(`/instruments/${path}?symbol[]=${encodeURIComponent(symbol)}`)).items[0]['streamer-symbol']
const wanted = ['SPX', 'XSP', 'AAPL', '.AAPL261219C200', await streamed('futures', future),
  await streamed('cryptocurrencies', 'BTC/USD')]

for (const format of [FeedDataFormat.COMPACT, FeedDataFormat.FULL]) {
  const ticket = await data('/api-quote-tokens')
  const client = new DXLinkWebSocketClient()
  client.addErrorListener((error) => { console.error(error); process.exit(1) })
  client.connect(ticket['dxlink-url'])
  client.setAuthToken(ticket.token)
  const feed = new DXLinkFeed(client, FeedContract.AUTO)
  feed.configure({ acceptAggregationPeriod: 0.1, acceptDataFormat: format,
    acceptEventFields: { Quote: ['eventSymbol', 'eventTime', 'sequence', 'timeNanoPart', 'bidTime',
      'bidExchangeCode', 'bidPrice', 'bidSize', 'askTime', 'askExchangeCode', 'askPrice', 'askSize'] } })
  const seen = new Map()
  await new Promise((done, failed) => {
    const late = setTimeout(() => failed(new Error(`${format}: only ${[...seen.keys()]}`)), 15_000)
    feed.addEventListener((events) => {
      events.forEach((event) => seen.set(event.eventSymbol, event))
      if (wanted.every((symbol) => seen.has(symbol))) { clearTimeout(late); done() }
    })
    feed.addSubscriptions(wanted.map((symbol) => ({ type: 'Quote', symbol })))
  })
  for (const [symbol, quote] of seen) {
    console.log(format, symbol, quote.bidPrice, quote.askPrice, quote.bidExchangeCode)
    if (!(quote.bidPrice < quote.askPrice)) throw new Error(JSON.stringify(quote))
  }
  feed.close()
  client.disconnect()
}
console.log('all well')
process.exit(0)
