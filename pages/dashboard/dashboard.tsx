// The dashboard's entry.
import { render } from 'preact';
import { readStatus } from '../node-api/calls';
import '../look/base.css';

const app = document.getElementById('app');
if (app !== null) {
  const status = await readStatus('');
  render(<p>{status.ok ? `Node ${status.value.name} on port ${status.value.port}.` : 'No answer.'}</p>, app);
}
