// npm @tastytrade/api: accounts, an order's life, quotes.
import { readFileSync } from 'node:fs'
import { WebSocket } from 'ws'

globalThis.WebSocket ??= WebSocket
const { default: TastytradeClient } = await import('@tastytrade/api')
console.log('@tastytrade/api', JSON.parse(readFileSync('node_modules/@tastytrade/api/package.json')).version)

const [base, secret, refresh] = process.argv.slice(2)
const client = new TastytradeClient({
  baseUrl: base, accountStreamerUrl: base.replace('http', 'ws'), clientSecret: secret, refreshToken: refresh,
  oauthScopes: ['read', 'trade'] })
const accounts = await client.accountsAndCustomersService.getCustomerAccounts()
const number = accounts[0].account['account-number']
console.log('account', number, (await client.accountsAndCustomersService.getCustomerResource()).email)
const order = { 'time-in-force': 'Day', 'order-type': 'Limit', price: 1.5, 'price-effect': 'Debit',
  legs: [{ 'instrument-type': 'Equity', symbol: 'AAPL', quantity: 1, action: 'Buy to Open' }] }
console.log('rehearsed', (await client.orderService.postOrderDryRun(number, order)).order.status)
const placed = (await client.orderService.createOrder(number, order)).order
console.log('placed', placed.id, placed.status)
const replaced = await client.orderService.replaceOrder(number, placed.id, { ...order, price: 1.6 })
console.log('replaced', replaced.id, replaced['replaces-order-id'])
console.log('live', (await client.orderService.getLiveOrders(number)).map((one) => [one.id, one.status]))
console.log('cancelled', (await client.orderService.cancelOrder(number, replaced.id)).status)
console.log('balances', (await client.balancesAndPositionsService.getAccountBalanceValues(number))['cash-balance'])
console.log('positions', (await client.balancesAndPositionsService.getPositionsList(number)).length)

const wanted = ['AAPL', 'SPX', '.AAPL261219C200']
const seen = new Map()
await client.quoteStreamer.connect()
await new Promise((done, failed) => {
  const late = setTimeout(() => failed(new Error(`only ${[...seen.keys()]}`)), 15_000)
  client.quoteStreamer.addEventListener((events) => {
    events.filter((event) => event.eventType === 'Quote').forEach((event) => seen.set(event.eventSymbol, event))
    if (wanted.every((symbol) => seen.has(symbol))) { clearTimeout(late); done() }
  })
  client.quoteStreamer.subscribe(wanted)
})
for (const [symbol, quote] of seen) console.log('streamed', symbol, quote.bidPrice, quote.askPrice)
console.log('all well')
process.exit(0)
