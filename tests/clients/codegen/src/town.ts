/** Where the gateway is, and who lives there: see ../../town.js. */

interface Account {
  insurer: string
  userId: string
  password: string
  policies: string[]
}

interface Customer {
  token: string
  accounts: Account[]
}

export const url = told('TABANE_URL')
export const agentToken = told('TABANE_AGENT_TOKEN')
export const customers = JSON.parse(told('TABANE_CUSTOMERS')) as [Customer, ...Customer[]]

function told(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set; make clients sets it`)
  return value
}
