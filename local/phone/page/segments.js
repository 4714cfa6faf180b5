// SMS segments while typing, counted as shared/messages/segments.py does (3GPP TS 23.038; Twilio's segment calculator).

const BASIC = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const EXTENDED = new Set("^{}\\[~]|€\f");

/** Encoding, segments, units used, and what fits one segment of that many. */
export function count(text) {
  const characters = [...text];
  const gsm = characters.every((character) => BASIC.has(character) || EXTENDED.has(character));
  const costs = gsm
    ? characters.map((character) => (EXTENDED.has(character) ? 2 : 1))
    : (text.match(/(?:.\u200d)*.\ufe0f?/gsu) || []).map((cluster) => cluster.length);
  const [alone, joined] = gsm ? [160, 153] : [70, 67];
  const units = costs.reduce((sum, cost) => sum + cost, 0);
  const encoding = gsm ? "GSM-7" : "UCS-2";
  if (units <= alone) return { encoding, segments: 1, units, left: alone - units };
  let segments = 1;
  let room = joined;
  for (const cost of costs) {
    if (cost > room) {
      segments += 1;
      room = joined;
    }
    room -= cost;
  }
  return { encoding, segments, units, left: room };
}

export const said = ({ segments, encoding }) => `${segments} segment${segments === 1 ? "" : "s"}, ${encoding}`;
