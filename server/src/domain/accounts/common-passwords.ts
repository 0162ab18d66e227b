/** Words that the most common passwords are made of, alone or two together, with digits and signs around them. */
const WORDS = new Set(
  `abc access account admin administrator alexander amanda amazing andrea andrew angel angels anthony apple asdf ashley
  asshole august austin autumn babygirl bailey banana barcelona baseball basketball batman beautiful benjamin blessed
  brandon butterfly buster california carlos change changeme charlie charlotte cheese chelsea chicken chocolate
  christian christmas company computer cookie corona cowboys crystal dallas daniel david default december demo diamond
  dolphin donald dragon eagles elephant elizabeth eminem facebook family february fender flower football forever
  freedom friday friend friends fuck fuckyou gateway george ginger god google guest guitar hannah happy harley hello
  hockey hunter ice iloveyou internet jackson january jasmine jennifer jessica jesus jordan jordans joseph joshua july
  june justin killer king lakers letme letmein liverpool login london love loveme lovely lover lucky maggie manager
  march marina martin master matrix matthew merlin michael michelle mickey midnight mine monday money monkey monster
  mother mustang my mypassword myself nathan natasha new nicole nothing november october office oliver orange pass
  passcode passphrase password passwort patrick peanut pepper phoenix please pokemon princess private purple pussy
  qazwsx qwert qwerty qwertz ranger richard robert rockyou root samantha samsung saturday scooter sebastian secret
  secure security senha september service shadow silver snoopy soccer spiderman spring starwars steelers steven
  stephanie success summer sunday sunflower sunshine super superman superstar system taylor temp temporary test tester
  testing the thomas thunder tigger tinkerbell today trinity trustno user vanessa victoria welcome whatever william
  winner winter yankees yellow you your zxcvbn`.split(/\s+/),
);

/** Common passwords of twelve characters and more that are not such words: letters and digits only. */
const WHOLE = new Set(
  `1q2w3e4r5t6y 1q2w3e4r5t6y7u 1q2w3e4r5t6y7u8i 1qaz2wsx3edc 1qaz2wsx3edc4rfv 1qazxsw23edc 1qazxsw23edcvfr4
  qaz2wsx3edc 1qazwsx3edc zaq12wsxcde3 zaq1xsw2cde3 zaq12wsx3edc qazwsxedcrfv qazwsxedc qazwsxedcrfvtgb q1w2e3r4t5y6
  q1w2e3r4t5y6u7i8 q2w3e4r5t6y7 qweasdzxc qweasdzxcrty 123qweasdzxc qwe123asd456 qwe123asd123 asd123qwe456
  1234qwerasdf 1234qwerasdfzxcv qwer1234asdf qwertyasdfgh 12qwaszx34er a1b2c3d4e5f6 a1s2d3f4g5h6 aa123456789aa
  1a2b3c4d5e6f 123456789qwe 0987654321qwe unbelievable correcthorse correcthorsebattery correcthorsebatterystaple
  thisismypassword thisisapassword mysecretpassword opensesame imnotarobot supercalifragilistic
  supercalifragilisticexpialidocious startrek1701 ncc1701ncc1701 thequickbrownfox thequickbrownfoxjumps
  thequickbrownfoxjumpsoverthelazydog loremipsum loremipsumdolor tobeornottobe maytheforcebewithyou jesusislord
  jesuschrist godisgood iloveyousomuch manchesterunited realmadrid liverpoolfc newyorkyankees dallascowboys
  oaklandraiders onetwothreefour onceuponatime`.split(/\s+/),
);

/** Whether guessing programs would try it among the first. @param lower  in lower case. */
export function isCommonPassword(lower: string): boolean {
  const plain = lower.replace(/[^a-z0-9]/g, "");
  if (WHOLE.has(plain) || WHOLE.has(plain.replace(/\d+$/, ""))) return true;
  const core = lower.replace(/^[^a-z]+|[^a-z]+$/g, "");
  return isCommonWords(lettersOf(core)) || isCommonWords(lettersOf(unadorned(core)));
}

const lettersOf = (text: string) => text.replace(/[^a-z]/g, "");

/** `p@ssw0rd`, turned back. */
const unadorned = (text: string) => text.replace(/[@430$51!]/g, (sign) => LETTER_OF[sign] ?? sign);
const LETTER_OF: Record<string, string> = { "@": "a", 4: "a", 3: "e", 0: "o", $: "s", 5: "s", 1: "i", "!": "i" };

function isCommonWords(letters: string): boolean {
  if (WORDS.has(letters)) return true;
  for (let at = 1; at < letters.length; at++)
    if (WORDS.has(letters.slice(0, at)) && WORDS.has(letters.slice(at))) return true;
  return false;
}
