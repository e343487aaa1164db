// Given and family names that students of one campus might have; some need more than ASCII, as in life.

export const givenNames: readonly string[] =
  `Aaliyah Aaron Abigail Adam Adriana Ahmed Aiko Aisha Alan Alejandra Alexander Alice Amara Amelia Ana Anders
   Andrea Angela Anika Antonio Arjun Astrid Ava Beatriz Benjamin Bianca Björn Brandon Camila Carlos Caroline Catherine
   Charles Chiara Chinedu Chloe Christopher Clara Daniel David Deepak Diana Diego Dmitri Dominic Dylan Eleanor Elena
   Elif Elijah Elise Emeka Emily Emma Erik Ethan Eva Fatima Felix Fernando Fiona Francesca Gabriel Grace Hana Hannah
   Harper Hassan Helena Henry Hiroshi Hugo Ibrahim Imani Ines Ingrid Isaac Isabella Ivan Jack Jacob Jada Jamal James
   Jasmine Javier Jennifer Jin Joanna Jonas José Joseph Julia Kai Karim Katarina Kenji Kevin Khadija Kofi Kwame Laila
   Lars Laura Leah Leila Leo Liam Lina Logan Lucas Lucía Luis Lydia Madison Magdalena Malik Marcus Maria Mason Mateo
   Maya Megan Mei Michael Miguel Mina Mohammed Naomi Natalia Nathan Ngozi Nia Nicholas Nikhil Nina Noah Nora Oliver
   Olivia Omar Oscar Pablo Patrick Paula Pedro Peter Priya Quinn Rachel Rafael Rahul Rebecca René Ravi Rosa Ruth Ryan
   Sakura Samantha Samuel Sanjay Sara Sebastian Selma Siddharth Simone Sofia Stefan Susan Tamar Tariq Thandiwe Theo
   Thomas Uma Valentina Victor Victoria Wei William Xavier Yara Yasmin Yuki Yusuf Zainab Zara Zoë`.split(
    /\s+/,
  );

export const familyNames: readonly string[] =
  `Abebe Adams Adeyemi Ahmed Ali Allen Álvarez Anderson Andersson Baker Banerjee Barnes Becker Bell Bennett Bianchi
   Brooks Brown Bui Campbell Carter Castillo Chan Chavez Chen Choi Clark Cohen Coleman Collins Cook Cooper Costa Cruz
   Das Davis Delgado Diallo Díaz Dubois Edwards Eriksson Evans Fernández Ferrari Fischer Flores Foster Garcia Ghosh
   Gomez Gonzalez Gray Green Gupta Gutierrez Hall Hansen Harris Hassan Hayashi Hernandez Hill Hoffmann Howard Huang
   Hughes Ibrahim Ito Ivanov Jackson James Jansen Jenkins Johnson Jones Kamau Kaur Keller Kelly Khan Kim King Kimura
   Kowalski Kumar Lam Larsen Lee Levy Lewis Li Lin Liu Long Lopez Mahmoud Martin Martinez Mbeki Mehta Mendoza Meyer
   Miller Mitchell Moore Morales Morgan Morris Müller Murphy Mwangi Myers Nair Nakamura Nelson Nguyễn Novak Nowak
   Okafor Okonkwo Olsen Ortiz Osei Owens Park Parker Patel Perez Perry Peterson Petrov Pham Phillips Popov Powell
   Price Qureshi Ramirez Ramos Rao Reed Reyes Reynolds Richardson Rivera Roberts Robinson Rodriguez Rogers Rossi
   Russell Sanchez Sanders Santos Sato Schmidt Schneider Scott Shah Sharma Silva Simmons Singh Smith Sokolov Soto
   Stewart Suzuki Takahashi Tanaka Taylor Thomas Thompson Torres Tran Turner Vargas Vasquez Wagner Walker Wang Ward
   Washington Watanabe Watson Weber White Williams Wilson Wong Wood Wright Wu Yamamoto Yang Yıldız Young Zhang Zhou`.split(
    /\s+/,
  );

/** Letters that do not decompose into a base letter and a mark. */
const ownLetters: Readonly<Record<string, string>> = { ı: 'i' };

/** A name as it stands in an email address. */
export const addressPart = (name: string): string =>
  name
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll(/[^a-z]/g, (letter) => ownLetters[letter] ?? '');
