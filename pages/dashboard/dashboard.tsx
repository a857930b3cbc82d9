// The dashboard's entry: what the browser gives, handed to parts that know no browser.
import { render } from 'preact';
import 'uplot/dist/uPlot.min.css';
import { Feed } from './feed/feed';
import { openChanges } from './feed/stream';
import { App } from './view/app';
import '../look/base.css';
import './look/page.css';
import './look/map.css';
import './look/parts.css';

const place = document.getElementById('app');
if (place !== null) start(place);

function start(app: HTMLElement): void {
  const sinceMs = Date.now();
  const feed = new Feed(
    {
      fetch: (address, init) => fetch(address, init),
      openChanges,
      now: () => Date.now(),
      after,
      changed: draw,
    },
    new URL('.', location.href).href,
  );
  function draw(): void {
    render(<App feed={feed} nowMs={Date.now()} sinceMs={sinceMs} />, app);
  }
  const watch = (): void => (document.hidden ? feed.pause() : feed.start());
  document.addEventListener('visibilitychange', watch);
  addEventListener('online', watch);
  draw();
  watch();
}

function after(ms: number, action: () => void): () => void {
  const timer = setTimeout(action, ms);
  return () => clearTimeout(timer);
}
