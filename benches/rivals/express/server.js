// The compared service, behind the npm package `cors`. Its options are in a file, as JavaScript; it prints its port.
// It ends when its input ends.
'use strict'

const cors = require('cors')
const express = require('express')

const replies = {
  '/items': (response) => response.end(),
  '/varies': (response) => response.setHeader('vary', ['accept-encoding', 'accept-language']).end(),
  '/grants': (response) => response.setHeader('access-control-allow-origin', '*').end(),
  '/fails': () => { throw new Error('failed') },
  '/panics': () => { throw new Error('failed') },
}

const [, , options] = process.argv
const app = express()
app.use(cors(eval(`(${require('node:fs').readFileSync(options, 'utf8')})`)))
for (const [path, reply] of Object.entries(replies)) {
  app.all(path, (_, response) => {
    response.setHeader('x-handler-ran', 'yes')
    reply(response)
  })
}
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port))
process.stdin.on('end', () => process.exit()).resume()
