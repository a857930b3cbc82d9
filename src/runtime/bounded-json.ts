export { type JsonBounds, parseWithin } from '../adapters/bounded-json';
