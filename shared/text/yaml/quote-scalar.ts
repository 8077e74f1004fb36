/** Writes a text as a YAML scalar: plain where YAML takes it for a text as it stands, else in JSON's quotes, which YAML reads too. */
export const quoteScalar = (text: string): string =>
  /^[A-Za-z](?:[\w./ &=+-]*[\w./])?$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
