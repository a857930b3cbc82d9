#!/usr/bin/env node
// Stands in for `docker`: writes down how it was called, and lets a launcher play the container, on
// the ports that the test published. STUB_DIRECTORY holds its notes; STUB_FAULT names what goes
// wrong.
const { spawn } = require('node:child_process');
const { appendFileSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const { STUB_DIRECTORY: directory, STUB_FAULT: fault = '' } = process.env;
const note = (name) => join(directory, name);
const args = process.argv.slice(2);
appendFileSync(note('calls'), `${args.join(' ')}\n`);

const end = (code, text = '') => {
  if (text !== '') console.log(text);
  process.exit(code);
};
const pid = () => Number(existsSync(note('pid')) ? readFileSync(note('pid'), 'utf8') : 0);
const alive = () => {
  try {
    return pid() > 0 && process.kill(pid(), 0);
  } catch {
    return false;
  }
};

function up() {
  if (fault === 'up') end(1, 'the image cannot be built');
  const base = process.env.FLUX_SIM_PORTS.split('-')[0];
  const log = openSync(note('log'), 'a');
  const env = { ...process.env, BASE_PORT: base, MAX_PORTS: '10', REPRAM_BIND_ADDRESS: '127.0.0.1' };
  const program = fault === 'ends' ? ['-e', ''] : [process.env.STUB_LAUNCHER];
  // A watcher of its own, because only a parent learns the exit code.
  const watcher = `
    const { spawn } = require('node:child_process');
    const { writeFileSync } = require('node:fs');
    const child = spawn(process.execPath, ${JSON.stringify(program)}, { stdio: 'inherit' });
    writeFileSync(${JSON.stringify(note('pid'))}, String(child.pid));
    child.on('exit', (code) => writeFileSync(${JSON.stringify(note('code'))}, String(code ?? 137)));
    setTimeout(() => child.kill('SIGKILL'), 60000).unref();`;
  spawn(process.execPath, ['-e', watcher], { env, detached: true, stdio: ['ignore', log, log] }).unref();
  const wait = setInterval(() => pid() > 0 && (clearInterval(wait), end(0)), 10);
}

function stop(signal) {
  if (alive()) process.kill(pid(), signal);
  const wait = setInterval(() => !alive() && existsSync(note('code')) && (clearInterval(wait), end(0)), 10);
}

function compose(command, rest) {
  if (command === 'version') end(fault === 'no-compose' ? 1 : 0);
  if (command === 'up') return up();
  if (command === 'ps') end(0, alive() || (rest.includes('--all') && pid() > 0) ? 'container-1' : '');
  if (command === 'stop') return stop(fault === 'killed' ? 'SIGKILL' : 'SIGTERM');
  if (command === 'logs') end(0, readFileSync(note('log'), 'utf8').split('\n').slice(-5).join('\n'));
  if (command !== 'down') end(64, `unknown: compose ${command}`);
  if (fault === 'down') end(1);
  writeFileSync(note('down'), '');
  return pid() > 0 ? stop('SIGKILL') : end(0);
}

if (args[0] === 'info') end(fault === 'no-engine' ? 1 : 0);
if (args[0] === 'inspect') end(0, readFileSync(note('code'), 'utf8'));
if (args[0] !== 'compose') end(64, `unknown: ${args[0]}`);
const rest = args
  .slice(1)
  .filter(
    (arg, at, all) =>
      !/^--(project-name|file)$/.test(arg) && !/^--(project-name|file)$/.test(all[at - 1] ?? ''),
  );
rmSync(note('down'), { force: true });
compose(rest[0], rest.slice(1));
