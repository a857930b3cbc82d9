// In place of Intl.DateTimeFormat: makes one when it is first used. Nest's logger has one, which no node ever uses, and
// to make it loads the data of all languages: 10 ms and 2 MB.
const { DateTimeFormat } = Intl;

export class LateDateTimeFormat {
  constructor(...options) {
    let formatter = null;
    return new Proxy(this, {
      get: (_, name) => {
        formatter ??= new DateTimeFormat(...options);
        const found = formatter[name];
        return typeof found === 'function' ? found.bind(formatter) : found;
      },
    });
  }
}
