"""Which words are ordinary in Spanish? In their simplest form, or in one that no stemmer leads back to it."""

WORDS = """
abajo abandonar abandono abarcar abierto abismo abogado abolir abordar abrazo abrigo abril abrir absolver
abstracto absurdo abuela abuelo abundar abuso acabar acceder aceite acelerar aceptar acera acercar acero ácido
aclarar acoger acompañar aconsejar acordar acoso acostar acostumbrar acrónimo acta actitud actividad activo
acto actual actualizar actuar acudir acuerdo acumular acusar adaptar adecuado adelantar adelante adentro
administrar admitir adolescente adopción adoptar adquirir aduana adulto adversario advertir aéreo aerolínea
afección afectar aficionado afirmar afrontar afuera agencia agente agosto agotamiento agotar agradable agradar
agradecer agregar agrupar agua aguantar agudo ahorrar aire aislar ajeno ajustar álbum alcalde alcance alcanzar
alcohol aldea alegar alegre alegría alejar alentar alga algodón aliado alianza alimentar alimento aliviar alma
almacén almacenar almuerzo alojar alquilar alquiler alterar alternar alto altura aludir alumno amable amanecer
amar amargo amarillo ambiente ambos ambulancia amenaza amenazar amiga amigo amistad amor ampliar amplio añadir
analizar ancestro ancho anciano ancla anclar andar ángel ángulo anillo animal animar aniversario año anoche
anterior anticipar antiguo anual anular anunciar anuncio apagar aparato aparecer apartamento aparte apelación
apellido apertura aplazar aplicar aportar apostar apoyar apoyo apreciar aprender aprendizaje apresurar aprobar
apropiar aprovechar aproximar apuntar arado árbol archivo arder área arena arma armar armonía arquitecto
arrancar arrastrar arreglar arrestar arriba arriesgar arrojar arroyo arroz arruinar arte artefacto artesano
artículo artificial asaltar ascender asegurar asemejar asentar asesinar asesor asiento asignar asimilar
asistencia asistir asociación asociar asombrar aspecto áspero asumir asunto asustar atacar ataque atardecer
atención atender aterrizar atestiguar atleta atmósfera atraer atrajo atrapar atrás atravesar atribuir atributo
audaz audiencia aula aumentar aumento ausencia auténtico auto autobús automático autonomía autopista autor
autoridad autorizar avanzar avenida aventura avión avisar aviso ayer ayuda ayudar azúcar azul bailar baile
bajar balance ballet bañar banco banda bandera baño barato barba barco barrera barril barrio base bastante
basura batalla bebé beber bebida beca beneficiar beneficio beso bestia biblioteca bicicleta bienestar bigote
billete biología blanco bloque bloquear boca boda bola bolsa bombero bonito borde borrar bosque bota botella
brazo breve brillar brindar broma bronce bueno burbuja burro buscar búsqueda caballero caballo cabaña cabello
caber cabeza cable cadáver cadena caer café caja cajón calcular cálculo calendario calidad cálido caliente
calificar calle calma calor cama cámara cambiar cambio caminar camino camión camisa campaña campo canal
cancelar canción cangrejo cansado cansar cantar cantidad caos capa capacidad capaz capilla capital capítulo
captar capturar cara carácter característica cárcel carecer carga cargar cargo caricatura cariño carne caro
carrera carretera carro carta cartera casa casado casar casco casero caso castigar castigo castillo catedral
categoría cauce caudal causa causar cazar ceder celebrar célebre celebridad célula cementerio cena cenar
ceniza censo central centro cerca cercano cerebro cerrado cerrar cerro certeza certificado chica chico
chimenea chiste chocar choque ciego cielo ciencia científico cierre cierto cifra cigarro cilindro cine
circuito circular círculo cirugía cita citar ciudad ciudadano civil clara claro clase clásico clave cliente
clima clínica coalición cobertura cobrar cobre coche cocina cocinar código coger coincidir cola colapso
colegio colgar colina colocar colonia colonizar color columna combate combinar combustible comedia comedor
comentar comenzar comer comercio cometa cometer comida comisión cómodo compañero compañía comparar compartir
compensar competir complejo completo complicado componer comportamiento comportar compra comprar comprender
comprimir comprobar comprometer computadora común comunicar comunidad concebir conceder concentrar concepto
conciencia concierto concluir concordar concretar concurso condado conde condenar condición conducir conducta
conectar conejo confesar confianza confiar configurar confirmar conflicto conformar confundir congelar
congreso conjunto conmemorar conocer conocimiento conquistar consagrar consecuencia conseguir consejero
consejo consentimiento conservar considerable considerar consistir consolidar constante constar constituir
construir consulta consumir contacto contaminar contar contemplar contener contento conteo contestar
continente continuar contradecir contraer contrario contraste contrato contribuir controlar contundente
convencer convento conversación convertir convocar copia copiar coral corazón corona correcto corredor
corregir correo correr corriente corta cortar corte corteza corto cosa costa costar costear costo costumbre
costura crear crecer creencia creer crimen crisis criticar cruz cruzar cuaderno cuadrado cuadro cualidad
cuantía cuarto cubrir cuchara cuchillo cuello cuenca cuenta cuento cuerda cuerno cuerpo cuestión cuestionar
cueva cuidado cuidador cuidar culminar culpa culpable cultivar cultivo cultura cumbre cumpleaños cumplir cura
curar curioso curso curva custodia dañar daño dar dato debate débil debilitar década decano decidir decisión
declarar declinar decorar decretar dedicar dedo deducir defecto defender deficiencia definir dejar delantero
delegar deleitar delgado delincuente delito demanda demasiado democracia demostrar denegar denominar densidad
denso dentista denuncia denunciar departamento depender deporte depósito derecha derecho derivar derramar
derribar derrotar desafiar desalojar desaparecer desarrollar desarrollo desayuno descansar descanso descargar
descartar descender desconocer describir descripción descubrir desear desembocar desempeñar desempleo deseo
desfile desierto designar desigual desnudo despacio despedir despertar desplazar despreciar destacar destino
destruir desviar detallar detalle detectar detención detener deteriorar determinar deuda devolver día diálogo
diámetro diario dibujar dibujo diciembre dictar diente diferencia diferente diferir difícil dificultad
difundir digno dilema diluir dimensión dinámico dinero dios diplomático dirección directo director dirigir
disciplina discriminación discusión discutir diseñar diseño disfrutar disminuir disolver disparar disponer
disponible disposición disputar distancia distante distinguir distinto distrito diversión diverso divertido
dividir divino divorcio doble docente doctor documento dólar doler dolor domicilio dominar domingo dominio
donar dormir dosis dotar drenar droga ducha duda dueño dulce durar duro echar eclesiástico eco ecología
económico edad edición edificio editor educación educar efecto efectuar eficaz eje ejecutar ejemplo ejercer
ejercicio ejército elaborar elástico elección elegante elegible elegir elemento elevar eliminar embajada
embarazada embarazo embarcar emblema emergencia emerger emigrar emisión emisora emitir emoción emperador
empezar empleado empleador emplear empleo empresa empujar encabezar encajar encantar encarcelar encargado
encargar encender encima enclave encontrar encuadrar encuesta enemigo energía enero enfermedad enfermera
enfermo enfoque enfrentar engañar enlace enlazar ennoblecer enojado enorme enriquecer ensalada ensayo
enseñanza enseñar entender entero enterrar entidad entrada entrar entregar entrenar entretener entrevista
enunciar enviar envolver época equilibrio equipar equipo erigir erosión error escala escalera escapar escaso
escena esclavo escoger esconder escribir escritor escuchar escudo escuela esculpir escultura esencia esfera
esfuerzo espacio espada espalda español especial especie espectáculo espectro espejo esperanza esperar espeso
espíritu espontáneo esposa esposo esquina establecer estación estadio estado estallar estancia estatua
estético estilo estimular estrategia estrecho estrella estrenar estricto estructura estudiante estudiar
estudio etapa eterno ético étnico evaluar evento evidencia evidenciar evitar evolución evolucionar exacto
exagerar examen examinar exceder excelente excepto exceso excluir exhibir exigir exiliar exilio existir éxito
exótico expandir expansión expedición experiencia experto explicar explícito explotación explotar exponer
exposición expresar expulsar extender extenso exterior extinguir extraer extrajo extranjero extraño extremo
fábrica fabricar facción fachada fácil factor facultad falda falla fallar falso falta faltar fama familia
familiar famoso fascinar fase favor favorecer favorito fe febrero fecha federal felicidad feliz femenino
fenómeno feo feroz ferrocarril fertilizar feudal fibra ficción fiebre fiel fiesta figura figurar fijo fila
filosofía final finalizar financiero finanza fino firma firmar firme físico flaco flexible flor florecer flota
flotar fluido fluir foco fomentar fondo fontanero forestal forjar forma formación formar formulario forrar
fortaleza foto fotografía fracasar fracaso fracción fragmento francés franja frase frecuencia frente fresco
frío frontera fruta fuego fuente fuerte fuerza fumar función funcionar fundación fundar fundir furia futuro
gabinete galaxia gana ganado ganar garantía garganta gas gasolina gastar gasto gato general género generoso
genio gente gesto gigante girar giro glaciar global gloria gobernar gobierno golpe golpear gordo grabar gracia
gracias grado gráfico gran grande grano grasa gratis gratuito grave gravedad grieta gripe gris gritar grito
grosero grupo guante guapo guardar guerra guerrero guía guion guitarra gustar gusto habilidad habitación
habitante hábitat hábito hablar hambre hecho helado heredar herencia herida herido hermana hermano hermoso
héroe herramienta hielo hierro hija hijo hipótesis historia hogar hoja hombre honesto honor hora horario
horizonte horror hospital hotel hoy huelga huella hueso huésped huevo huir humano humilde humo hundir idea
ideal idear identidad identificar idioma ídolo iglesia igual igualar ilegal ilustrar imagen imaginar imitar
impartir impedir imperio implicar imponer importancia importante importar imposible imprimir impuesto impulsar
impulso inaugurar incendio incidente incluir incompleto incorporar incrementar independizar indicar índice
indígena indio individuo inducir industria infancia infantil infección inferior infinito inflexión influir
información informar informe ingeniero inglés ingresar ingreso iniciar inicio injusto inmediato inmenso
inmigrante inocente inscribir inscripción insecto insistir inspirar instalar institución instrucción instruir
instrumento insulto integrar intelectual inteligente intención intensidad intenso intentar intercambiar
interés interesante interesar interior internet interpretar intérprete intervalo intervenir inundar inútil
invadir inventar inverso invertir investigación investigar invierno invitar isla iteración izquierda jabón
jardín jefe jerarquía joven joya jubilación judicial juego jueves juez jugador jugar jugo juicio julio jungla
junio juntar junto jurado justicia justificar justo juvenil juventud juzgado labio labor laboral lado ladrón
lago lágrima lámina lámpara lanzar lápiz largo lástima lateral lavar lealtad lección leche leer legado legal
legión legislar legítimo lejano lejos lema lengua lenguaje lento león letra levantar ley leyenda liberar
libertad libre librería libro licencia líder liga ligero límite limpiar limpieza limpio línea lineal líquido
lírico lista listo llama llamada llamar llanura llave llegada llegar llenar lleno llevar llorar llover lluvia
local localidad localizar loco lograr lomo lucha luchar lugar luna lunes luz madera madre madurar maestra
maestro mágico magnitud maíz mal maleta malo maltrato mamá mañana mandar manejar manera manifestar manipular
mano mantener manto manual manzana mapa máquina mar maravilla marca marcar marchar margen marido marina
marinero mármol marrón martes marzo masa masacre máscara masculino matar matemática materia material
matrimonio máximo mayo mayor mayoría mecánico mecanismo media medicamento medicina médico medida medieval
medio medir mejor mejorar melodía memoria mencionar menor mensaje mensual mente mentir mentira menudo mercado
mercancía merecer mes mesa meseta meta metal meter método metro mezcla mezclar miedo miembro miércoles migrar
milagro militar millón mineral mínimo ministerio ministro minoría minuto mirada mirar misa misión misterio
mitad mito moda modelo moderar moderno modificar modo molécula molestar molino momento monarca monarquía
moneda monje montaña montar monumento morado moral morir mostrar motivar motivo motor mover móvil movimiento
muchacha muchacho mudar mueble muerte muerto muestra mujer multa mundial mundo muñeca municipal muralla muro
músculo museo música músico mutuo nacer nacimiento nación nacional nadar naranja nariz narrar natal natural
naturaleza nave navegar navidad neblina necesario necesidad necesitar negar negativo negligencia negociar
negocio negro nervio nervioso neutral nevar nieta nieto nieve niña niñera niño nivel nobiliario noble noche
noción nómada nombrar nombre norma normal norte nota notable notar noticia notificar novela novia noviembre
novio nube núcleo nuera nuevo número obedecer obispo objetivo objeto oblicuo obligación obligar obra obrero
observar obstáculo obstante obtener obvio ocasión océano octubre ocultar ocupación ocupado ocupar ocurrir
odiar odio oeste ofensa oferta oficial oficina ofrecer oído oír ojo ola oler olor olvidar onda opaco opción
ópera operación operar opinar opinión oponer oportunidad optar órbita orden ordenar oreja orgánico
organización organizar órgano orgullo orientación oriente origen original orilla oro orquesta oscuro otoño
otorgar oveja oxígeno paciencia paciente pacto padecer padrastro padre padrino pagar página pago país paisaje
pájaro palabra palacio pálido pan pañal pantalla pantalón pantano papá papel paquete parada paraíso paralelo
parar parecer pared pareja pariente paro parque párrafo parroquia parte participar partícula particular
partidario partido partir pasado pasaje pasajero pasaporte pasar pasear paseo pasivo paso pastilla pasto
patear patente patria patrimonio patrón pausa paz peatón pecho pedazo pedir pegar peine pelea pelear película
peligro peligroso pelo pelota pena pendiente península pensamiento pensar pensión peor pequeño percibir perder
pérdida perdón perdonar perdurar peregrino perfecto perfil perfume periódico período permanecer permanente
permiso permitir perpetuo perro perseguir persistir persona personaje personal perspectiva pertenecer pesado
pesar pesca pescado pescar peso peste petición pez picar pico pie piedra piel pierna pieza pilar piloto pintar
pintor pintura pionero pirámide piscina piso pista pistola placer plan planear planeta planificar planta
plantear plata plato playa plaza plazo pleno pluma población poblar pobre pobreza poema poesía poeta polémico
policía política político pollo polvo poner popular porcentaje portada portador portar poseer posesión
posibilidad posible posición positivo potable potencia práctica practicar preceder precio precioso precisar
preciso predecir predominar preferir pregunta preguntar premio prenda prensa preocupación preocupado preocupar
preparar presa prescindir presencia presenciar presentar presente preservar presidente presidir presión preso
préstamo prestar prestigio presumir presupuesto pretender pretensión prevalecer prevención prevenir previo
prima primavera primero primitivo primo princesa principal príncipe principio prisa prisión privado privar
privilegio probable probar problema proceder procedimiento proceso proclamar producir producto profesión
profesional profesor profeta profundo programa progreso prohibir prolongar promedio promesa prometer promover
pronto pronunciar propagar propiedad propietario propio proponer proporcionar propósito propugnar prosperar
protagonista protección proteger proteína protestar provecho proveedor proveer provenir provincia provocar
próximo proyectar proyecto prueba publicar público pueblo puente puerta puerto puesto pulgada pulir pulmón
punto pureza puro quedar queja quejar quemar queso químico quitar radiar radical radio raíz rama rango rápido
raro rasgo rastro rata rato raza razón razonable reacción reaccionar real realidad realizar rebaja rebelde
rebelión recaudar recibir recibo reciente recinto reclamar recluta recoger recomendar recompensar reconocer
recordar recorrer recreación recto recuerdo recuperar recurrir recurso red redactar redondo reducir reemplazar
referencia referir reflejar reforma refrigerador refugiar refugio regalar regalo regañar régimen región regir
registrar registro regla regresar regreso regular reina reinar reino reír relación relieve religión rellenar
reloj relucir remedio remoto rendir renovar renta renunciar reparar repartir repente repetir reportaje
reportar reporte representante representar reproducir república requerir requisito rescatar reserva resfriado
residencia residente residir resistir resolver respaldar respetar respeto respirar resplandor responder
responsabilidad responsable respuesta restaurante restaurar resto restringir resultado resultar resumen
resumir retener retirar reto retórica retrasar retrato reunión reunir revelar revisar revista revolución rey
rezar rico ridículo riego riesgo rígido rincón río risa ritmo rito rival robar robo robusto roca rodear
rodilla rojo romper ropa rosa rotar roto rubio rueda ruido ruina rumbo rural ruta rutina sábado sabio sabor
sacar sacerdote saco sacrificar sagrado sal sala salario salida salir salón saltar salud saludable saludar
salvaje salvar sangre sano santo satisfacer secar seco secretario secreto sector secuestro sed sede segmento
seguido seguir segundo seguridad seguro seleccionar sello selva semana semejante semilla senado señal señalar
sencillo sendero señor señora sentar sentencia sentido sentimiento sentir separación separar septiembre sequía
serie serio serpiente servicio servir sesión severo sexo sexual siglo significado significar signo siguiente
silencio silla silvestre símbolo similar simpático simple simular singular síntoma sistema sitio situación
situar soberano sobrar sobresalir sobrevivir sobrino social sociedad socio sol solar soldado soledad solicitar
solicitud sólido solo soltar soltero solución sombra sombrero someter soñar sonar sonido sonreír sonrisa sopa
soportar soporte sordo sorprender sorpresa sospecha sospechar sostener suave subir sublime subrayar subsistir
subtexto suceder suceso sucio sudafricano sueldo suelo suelto sueño suerte suéter suficiente sufrir sugerir
suicidio sujeto suma sumar superar superficie superior supervisar suponer supremo suprimir sur surgir
suspender sustancia sustentar sustituir susto sustraer sutil tabla táctica talento talla tallar tamaño tamiz
tarde tardío tarea tarjeta tasa taza teatro techo tecla técnica técnico tecnología tejer tela teléfono
televisión tema temblar temer temor temperatura templo temporada temporal temprano tenaz tendencia tender
tensión tentar teoría terapeuta terapia tercero terminar término terremoto terreno territorio tesis tesoro
testigo texto tía tibio tiempo tienda tierno tierra tijera tímido tina tinta tío típico tipo tirar título
toalla tocar tolerar tomar tono tonto tormenta torno toro torre tortura trabajador trabajar trabajo tradición
traducir traer tráfico tragedia traicionar traje trajo trama tramitar trámite tramo tranquilo transcurrir
transferir transformar transmitir transportar transporte trasladar trata tratamiento tratar trato trayecto
trazar tren tribu tribunal tributo trigo triste tristeza triunfo trono tropa trozo tubo tumba túnel turbina
turista turno tutela tutor ubicar último unánime único unidad unión unir universidad universo urgencia urgente
usar uso usual usuario útil vaca vacaciones vacío vacuna vagar vaina valer válido valiente valle valor vapor
variar variedad vaso vasto vecino vector vegetal vehículo vejez vela velocidad vena vencedor vencer vender
veneno venganza venir venta ventaja ventana ver verano verbal verbo verdad verdadero verde vergüenza versión
verso vertical vértice vértigo vestido vestir vez viable viajar viaje viajero vicio víctima victoria vida
video vidrio viejo viento viernes vigor viña vincular vino violación violar violencia violento virgen virtud
virus visible visión visita visitar vista viuda vivienda vivir vivo vocabulario vocal volar volcán volumen
voluntad voluntario volver votar voto voz vuelo vuelta yacer yegua zapato zona
"""
