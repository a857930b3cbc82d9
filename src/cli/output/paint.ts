// Colours, where somebody sees them.

const RESET = '\u001B[0m';
const STYLES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export type Style = keyof typeof STYLES;
export type Paint = (style: Style, text: string) => string;

export function painter(colors: boolean): Paint {
  return (style, text) => (colors ? `\u001B[${STYLES[style]}m${text}${RESET}` : text);
}
