// json-logic-engine's side: the five rules as one `if`, compiled to JavaScript by its build().
//
//   node json_logic.js TASK FILE
const { LogicEngine } = require('json-logic-engine')
const { read, race } = require('./customers.js')

const clv = { var: 'clv' }, recency = { var: 'recency_days' }, orders = { var: 'orders' }
const spend = { var: 'spend' }, segment = { var: 'segment' }
const level = (least, days, many) => ({
  or: [{ and: [{ '>=': [clv, least] }, { '<': [recency, days] }] }, { '>=': [orders, many] }]
})
const next = { '+': [orders, 1] }
const RULES = {
  tiers: [
    level(20000, 60, 40), level(10000, 90, 30), level(5000, 120, 20), level(2000, 180, 10),
    { and: [{ '>=': [clv, 500] }, { '<': [recency, 365] }] }
  ],
  mixed: [
    { and: [{ '==': [segment, 'high'] }, { '>': [clv, 20000] }] },
    { '>': [{ '/': [spend, next] }, 3000] },
    { '>': [{ '/': [recency, next] }, 30.5] },
    { and: [{ in: [segment, ['low', 'mid']] }, { '!': { '<': [orders, 20] } }] },
    { '>': [{ '??': [clv, 0] }, { '*': [2, spend] }] }
  ]
}

const [task, file] = process.argv.slice(2)
const tier = new LogicEngine().build({
  if: [...RULES[task].flatMap((rule, i) => [rule, i + 1]), 0]
})
race(read(file), customers => customers.map(customer => tier(customer)))
