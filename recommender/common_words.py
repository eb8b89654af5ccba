"""Words that name no subject: how papers talk, not what they are about.

Two lists and nothing else; ``terms`` says what they are for. ``GENERAL`` began as the words that stand about
equally often in all subjects of 20,000 computer-science abstracts: the least divergence between the subjects
of a word's abstracts and those of all. Words that tell something in a reason were then taken out by hand, and
some plain ones put in.
"""


def _list(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Papers about themselves, the mark of the sample dump, and "large", for "large language" is half a name.
BOILERPLATE = _list("""
    abstract achieve achieved achieves achieving additionally address addressed addresses addressing aim
    aims al allow allowing allows applied apply applying author authors available based better challenge
    challenges challenging com compare compared consistently current currently demonstrate demonstrated
    demonstrates demonstrating despite develop developed develops effective effectively effectiveness
    enable enables enabling ensure ensuring et evaluate evaluated existing experiment experimental
    experiments extensive extensively finally findings following furthermore github given highly http
    https importantly improve improved improvement improvements improves improving including instead
    introduce introduced introduces introducing invented investigate lack large leading leverage
    leveraged leverages leveraging limitation limitations limited make makes making new notably novel
    offer offers outperform outperformed outperforming outperforms paper paperboy papers perform
    performs present presented presenting presents previous prior promising propose proposed proposes
    proposing provide provided provides providing publicly recent recently release released remain
    remains report require required requires result resulting results reveal reveals showed showing
    shown shows significant significantly specifically studied studies study suggest suggests superior
    typically use used uses using validate various wide widely work works www
""")

GENERAL = _list("""
    ahead choose consider doubt eighty equal equipped falls hand hundreds left ninety probe seventy taken
    thirty thousand thousands turn word
    ability ablation able absence absolute acceptance according accordingly account accuracies accuracy
    accurate accurately acquire adapt adaptability adaptation adapting adaptive adapts adding addition
    additional adjusting adopt adopted advance advanced advancement advancements advances advancing
    advantages aggregate aggregates aggregating agnostic aimed aiming algorithm algorithms align aligned
    aligning aligns alleviate alongside alternative ambiguous amounts analysis analyze analyzing
    annotated applicability application applications applies approach approaches appropriate arbitrary
    architecture architectures area areas arise arises arising art aspects assess assesses assessment
    assign associated assume attains attempt attempts augmenting augments automated automatically
    auxiliary average avoiding aware awareness balance balanced balances balancing baseline baselines
    basic begin benchmark benchmarking benchmarks benefit benefiting benefits best billion binary boost
    boosting boosts bottleneck boundaries bridge bridges bridging brings broad broader build building
    builds built called capabilities capability capable capacity capture captures carefully case
    categories causes causing centric change changed changes characteristics class clear close closely
    coherent collect collected collecting collection collectively combination combinations combine
    combined combines combining come comes common commonly community compact comparable compares
    comparison comparisons compelling competitive complementary complete complex complexities complexity
    component components composed comprehensive comprehensively comprises comprising compromising
    computational concept concepts conduct conducted conducting confirm consequently considerable
    considering considers consistency consistent consisting consists constrained constraints construct
    constructed constructing constructs contain containing contains content context contextual
    continuous contrast contribute contribution contributions controlled conventional conversely core
    cornerstone correct correctly corresponding cost costly costs coverage covering crafted create
    created creating creation critical cross crucial crucially curated cutting data dataset datasets day
    days decline decompose dedicated deep degradation degrade degrades degree delivers demand demands
    depend dependency depends deployment derived design designed detailed detect detecting determine
    developing development difference differences different difficult difficulty direct direction
    directions directly discrepancies distinct distinguish diverse divide does doing domain domains
    downstream drastically driven drop drops dynamic dynamically early ease easily easy efficacy
    efficiency efficient efficiently efforts elements embedded emerged emphasis emphasize employ
    employed employing employs enabled encode encompass encompasses encounter encourage encourages
    encouraging end enhance enhanced enhances enhancing enriching ensures entire entirely error errors
    especially essential establish established establishes establishing evaluation evaluations example
    examples exceeding excel exceptional excessive exclusively exhibit exhibiting exhibits exist exists
    expand expensive explicit explicitly exploit explore explored exploring extend extended extending
    extends extension external extra extract extracting extraction extremely face facilitate facilitates
    facilitating factors fail failing fails faithful fall false far fast faster feature features
    featuring fewer field filtering final finds fine fixed flexibility flexible focus focused focuses
    focusing follow followed follows form forward foundation foundational framework frameworks free
    frequent frequently friendly fully function fundamental fundamentally future gain gained gains gap
    gaps garnered general generalizability generalization generalize generalizes generate generated
    generates generating generation generic global goal goals good gradually greater greatly group
    growing growth guide guided guides guiding half handle handling hard heavily help helping helps high
    higher highest highlight highlighting highlights hinder hindered hindering hinders hold holds
    holistic hour hours human hypothesize identification identifies identify identifying ignoring ii iii
    impact implement implicit importance important impractical impressive inaccurate include includes
    incomplete inconsistencies inconsistent incorporate incorporates incorporating increase increased
    increases increasing incremental incrementally independently indicate indicates indicating
    individual induced infer information informative informed inherent inherently initial initially
    inject innovations innovative input inputs insight insights inspiration inspired instances
    insufficient integrate integrated integrates integrating integration integrity intensive interest
    interestingly interleaved intermediate interpreting intrinsic investigates involve involves
    involving irrelevant isolated issue issues iterative iteratively jointly just keeping keeps kept key
    knowledge known lab labor lacking lacks largely larger largest lastly late later layer lead leads
    learn learned learning learns leaving level levels lies lightweight like limiting limits local long
    look looks low lower main mainly mainstream maintain maintaining maintains major manual manually
    marginal markedly match matches meaningful means measure mechanism mechanisms meet merge method
    methodologies methods meticulously metric metrics million minimal minute minutes missing mitigate
    mitigates mitigating mixed model modeling modelling models modern modifications modifying module
    month months motivated multi multiple mutual named natural naturally nature nearly necessary
    necessitates necessity need needed needs negative network networks neural newly non notable novelty
    number numbers numerous objective objectives observe observed obtain obtained obtains occurs
    offering offs ones ongoing online open opens operates optimize optimized optimizes optimizing order
    oriented original output outputs overall overcome overhead overlap overlook overlooked overlooking
    overly pair pairs paradigm paradigms parameter parameters parametric partial partially particular
    particularly parts pass passes past path patterns paving people percent percentage performance
    performed performing persist person perspective phase pipeline pipelines pivotal play plays point
    points poor poorly popular posing position positive possible post potential potentially powerful
    practical practice pre precisely precision predefined predict predicting prediction predictions
    predominantly presence preserve preserves preserving prevalent prevent previously primarily primary
    prioritizing problem problems procedure process processes processing produce produced produces
    producing progress progressively prominent promise promote promotes prone pronounced properties
    property proven public purely purpose purposes quality quantity quarter question questions quickly
    randomly range ranging rapid rapidly rare rarely rate rates raw reach reaches reaching ready real
    realistic received reduce reduced reduces reducing reduction redundant reference refine refined
    refinement refines refining reflects regarding regardless related relations relationship
    relationships relative relatively relevant reliability reliable reliably reliance relies rely
    relying remaining remarkable removing represent representative represents requirements requiring
    research resolve resources respective respectively retain rethinking rich richer right rigorously
    robust robustness role run runs sacrificing sample sampled samples scalability scalable scale scales
    scarce scenario scenarios score scores scratch seamlessly second seen segments select selected
    selection selective selectively selects self semi sequence sequences serve serves set sets setting
    settings shared shift shifts short shortcomings showcase showcases showcasing signals similar
    simple simpler simply simulate simultaneously single situations size sizes slow small soft solely
    solution solutions solve solved solving sophisticated sota source sourced space spanning specialized
    specific specified stable stage stages standard start starting state static stem stems step steps
    straightforward strategies strategy strengths strong stronger structure struggle struggled struggles
    sub suboptimal subsequent subset subsets substantial substantially subtle success successfully
    suffer sufficient suitable supervised supplementary support supporting supports surpass surpasses
    surpassing synergistic synthesize synthesizes system systematic systematically systems tackle
    tackling tailored target targeted targets task tasks technique techniques tend term terms test
    tested testing tests text textbf textit thorough thoroughly thousand time times tool tools total
    track trade traditional traditionally train trained training transformed transforms treat truth tune
    tunes twice type types ultimately uncertain underexplored underlying underscores underscoring
    understanding unexplored unified uniform uniformly unique units universal unlike update useful user
    users usually utilization utilize utilizes utilizing validated validating validation valuable value
    values vanilla variants variation variations varied variety vary varying vast verify version viable
    vital vs way ways week weeks weight widespread window world wrong years yield yielding yields zero
""")
