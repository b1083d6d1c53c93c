/** Common given names of many countries, folded to lower case without accents. */
export const GIVEN_NAMES: ReadonlySet<string> = new Set(
  (
    'aaron abdul abdullah adam adele adrian agnes ahmad ahmed aisha alan albert alejandro alessandro alex alexander alexandra ' +
    'alfred ali alice alicia alina allison amanda amelia amina amir amy ana anders andre andrea andreas andrew andrzej angela ' +
    'anita anja anke ann anna anne annette anthony anton antonio arthur arturo astrid augusto ayse barbara beatriz ben benjamin ' +
    'bernd bernhard bettina betty birgit bjorn bogdan brandon brian bruno camille carina carla carlos carmen carol caroline ' +
    'catherine cecilia charles charlotte chloe christa christian christina christine christoph christopher claire clara claudia ' +
    'clemens cristina cynthia dagmar daniel daniela daniele david deborah denise dennis derek diana diego dieter dietmar dirk ' +
    'dmitri dominik donald donna dorota dorothea edith eduardo edward eileen elena eleni elias elif elisabeth elizabeth ella ellen ' +
    'emil emilia emily emma enrico eric erik erika ernst esther eugen eva evelyn fabian fabio fatima fatma felix ferdinand ' +
    'fernanda fernando florian frances francesca francesco francisco francois frank franz franziska fred frederic frederik ' +
    'friedrich gabriel gabriela gary georg george gerald gerard gerd gerhard gertrud giovanni gisela giulia giuseppe gloria ' +
    'grace greg gregor grzegorz guido gunter gustav hannah hanna hans harald harry hassan heather heidi heike heinrich heinz helen ' +
    'helena helene helga helmut henri henrik henry herbert hermann hilda holger horst hugo hussein ibrahim ida igor ilona ines ' +
    'inga inge ingrid irene irina isaac isabel isabella ivan jack jacob jacqueline jakob jakub james jan jana jane janet jason ' +
    'javier jean jennifer jens jeremy jessica jesus jim jiri joachim joan joana joanna joao joe joel johan johann johanna johannes ' +
    'john jonas jonathan jorge jorg jose joseph joshua juan juana julia julian juliana julie jurgen justin justyna kai karen karin ' +
    'karl karolina kaspar katarzyna kate kathe katharina katherine kathrin katja katrin kenneth kevin khaled kim kirsten klaus konrad ' +
    'kristina krzysztof kurt lara lars laura lauren laurent lea leila lena leo leon leonardo leonie liam lidia linda lisa lorenzo ' +
    'louis louise luca lucas lucia lucy ludwig luis luisa lukas lukasz lydia maciej magdalena mahmoud manfred manuel manuela marc ' +
    'marcel marcin marco marcos marek margaret margarita margit maria marian mariana marie marina mario marion mark markus marta ' +
    'martha martin martina mary maryam mateo mateusz mathias matteo matthew matthias maurice max maximilian megan mehmet melanie ' +
    'melissa mia michael michaela michal michel michele michelle miguel mikhail mila mohamed mohammad mohammed mona monica monika ' +
    'moritz muhammad mustafa nadia nadine natalia natalie nathan nguyet nicholas nicola nicolas nicole niklas nils nina noah noemie nora ' +
    'norbert olaf oleg olga oliver olivia omar oscar oskar otto pablo pamela paolo patricia patrick paul paula pavel pawel pedro ' +
    'peter petra philip philipp philippe pia pierre piotr priya rachel rafael rainer ralf ralph ramon raul rebecca regina reinhard ' +
    'renate rene ricardo richard rita robert roberto roger roland rolf roman ronald rosa rosemarie roxana rudolf russell ruth ryan ' +
    'sabine sabrina salma sam samantha samir samuel sandra sara sarah sebastian selma serge sergei sergio sharon silke silvia simon ' +
    'simone sofia sofie sonia sonja sophia sophie soren stanislaw stefan stefanie stefano stephan stephanie stephen steven susan ' +
    'susanne svetlana sven sylvia tamara tanja tatiana teresa theo theodor theresa thomas thorsten tim timothy tina tobias tom tomas ' +
    'tomasz ulrich ulrike ursula uta uwe valentina valerie vanessa vera veronika victor victoria viktor vincent vincenzo virginia ' +
    'vladimir walter werner wilhelm william wolfgang xavier yan yasmin yuki yusuf yves yvonne zoe zofia olena oksana stefania priscilla ' +
    'jurgis jonah mei wei li jing hiroshi takashi kenji yoko haruka sakura minjun jiwoo seoyeon arjun rahul ananya deepak sanjay sunita'
  ).split(' '),
);
