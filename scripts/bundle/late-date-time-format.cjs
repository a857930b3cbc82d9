// Intl with a DateTimeFormat that is made when it is first used. Nest's logger has one, which no
// node ever uses. To make it loads the data of languages, which takes a tenth of a start.
'use strict';

function LateDateTimeFormat(...options) {
  let formatter = null;
  return new Proxy(this, {
    get: (_, name) => {
      formatter ??= new Intl.DateTimeFormat(...options);
      const found = formatter[name];
      return typeof found === 'function' ? found.bind(formatter) : found;
    },
  });
}

module.exports = Object.create(Intl, { DateTimeFormat: { value: LateDateTimeFormat } });
