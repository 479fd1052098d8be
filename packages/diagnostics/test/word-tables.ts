/** Every table of wordings, by kind: each is told by itself, and as gateways pass it on. */
import { gatewayWords, ownSourceWords } from "./words-by-gateway.ts";
import { cloudWords, transportWords } from "./words-by-source.ts";
import { eighteenthSample } from "./words-eighteenth-sample.ts";
import { eighthSample } from "./words-eighth-sample.ts";
import { eleventhSample } from "./words-eleventh-sample.ts";
import { fifteenthSample } from "./words-fifteenth-sample.ts";
import { fifthSample } from "./words-fifth-sample.ts";
import { fourteenthSample } from "./words-fourteenth-sample.ts";
import { fourthSample } from "./words-fourth-sample.ts";
import { nineteenthSample } from "./words-nineteenth-sample.ts";
import { ninthSample } from "./words-ninth-sample.ts";
import { ownWordings } from "./words-own.ts";
import { secondSample } from "./words-second-sample.ts";
import { seventeenthSample } from "./words-seventeenth-sample.ts";
import { seventhSample } from "./words-seventh-sample.ts";
import { sixteenthSample } from "./words-sixteenth-sample.ts";
import { sixthSample } from "./words-sixth-sample.ts";
import { tenthSample } from "./words-tenth-sample.ts";
import { thirdSample } from "./words-third-sample.ts";
import { thirteenthSample } from "./words-thirteenth-sample.ts";
import { twelfthSample } from "./words-twelfth-sample.ts";
import { twentiethSample } from "./words-twentieth-sample.ts";
import { twentyFirstSample } from "./words-twenty-first-sample.ts";
import { type Wording, wordings } from "./words.ts";

export const wordTables: Readonly<Record<string, readonly Wording[]>> = {
  ...wordings,
  ...secondSample,
  ...thirdSample,
  ...fourthSample,
  ...fifthSample,
  ...sixthSample,
  ...seventhSample,
  ...eighthSample,
  ...ninthSample,
  ...tenthSample,
  ...eleventhSample,
  ...twelfthSample,
  ...thirteenthSample,
  ...fourteenthSample,
  ...fifteenthSample,
  ...sixteenthSample,
  ...seventeenthSample,
  ...eighteenthSample,
  ...nineteenthSample,
  ...twentiethSample,
  ...twentyFirstSample,
  ...ownWordings,
  ...transportWords,
  ...cloudWords,
  ...gatewayWords,
  ...ownSourceWords,
};
