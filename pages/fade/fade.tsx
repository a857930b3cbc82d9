// Fade: a board of messages with a lifetime. Joins its parts.
import { render } from 'preact';
import { NodeList } from '../node-api/node-list';
import { Ageing } from './ageing';
import { App } from './app';
import { Board } from './board';
import { Following } from './follow';
import { RowWindow } from './row-window';
import '../look/base.css';
import './fade.css';
import './composer.css';
import './board.css';
import './side.css';

const page = new URL('.', location.href).href;
const board = new Board();
const following = new Following(board, new NodeList(page));

const place = document.getElementById('app');
if (place !== null) {
  const ageing = new Ageing();
  const rowWindow = new RowWindow(board);
  render(
    <App page={page} board={board} following={following} ageing={ageing} rowWindow={rowWindow} />,
    place,
  );
}
following.start();
