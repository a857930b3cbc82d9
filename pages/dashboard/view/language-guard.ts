// Some browsers name a language that is none (`en-US@posix`, where the system has no locale). uPlot
// formats numbers by it as soon as it is loaded, and would take the whole page down with it. This
// module comes before it.
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en', configurable: true });
}
