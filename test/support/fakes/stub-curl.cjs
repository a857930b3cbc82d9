#!/usr/bin/env node
// Stands in for curl where a test has no gateway: calls the real one with every `https://NAME` of
// STUB_PLACES (a JSON object) replaced by the address that belongs to it, and ends as it does.
const { spawnSync } = require('node:child_process');

const places = Object.entries(JSON.parse(process.env.STUB_PLACES ?? '{}'));
const local = (text) =>
  places.reduce((so, [name, place]) => (so.startsWith(name) ? so.replace(name, place) : so), text);
const path = (process.env.PATH ?? '').split(':').slice(1).join(':');
const { status } = spawnSync('curl', process.argv.slice(2).map(local), {
  stdio: 'inherit',
  env: { ...process.env, PATH: path },
});
process.exit(status ?? 1);
