/**
 * Where the gateway is, and who lives there. `make clients` sets all of it, and
 * `python -m tests.clients --open` prints it for a shell.
 */

export const url = process.env.TABANE_URL
export const socketUrl = url.replace(/^http/, 'ws')

/** Of an agent (募集人), who has a book. */
export const agentToken = process.env.TABANE_AGENT_TOKEN

/** Each has a `token`, and `accounts` at every insurer: `insurer`, `userId`, `password`, `policies`. */
export const customers = JSON.parse(process.env.TABANE_CUSTOMERS)

export const bearer = (token) => ({ Authorization: `Bearer ${token}` })
