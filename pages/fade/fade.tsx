// Fade's entry.
import { render } from 'preact';
import '../look/base.css';

const app = document.getElementById('app');
if (app !== null) render(<h1>Fade</h1>, app);
